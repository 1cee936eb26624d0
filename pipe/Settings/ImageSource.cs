using EcsDeploy.Names;

namespace EcsDeploy.Settings;

/// <summary>Where the image comes from: exactly one of the nested kinds.</summary>
internal abstract record ImageSource
{
    /// <summary>What the image shall run on; more than one makes an index.</summary>
    public IReadOnlyList<Platform> Platforms { get; init; } = [Names.Platform.Amd64];

    /// <summary>An app that the pipe publishes itself. A null path means: find the one web project.</summary>
    internal sealed record Project(string? Path) : ImageSource
    {
        public string Configuration { get; init; } = "Release";

        public IReadOnlyList<string> PublishArguments { get; init; } = [];

        public bool Reproducible { get; init; } = true;

        /// <summary>BUILD_MEMORY in MiB; null for the default bound.</summary>
        public int? BuildMemoryMebibytes { get; init; }

        public LayerOptions Layers { get; init; } = new();
    }

    /// <summary>An app that an earlier command of the step published.</summary>
    internal sealed record PublishedFolder(string Path) : ImageSource
    {
        public LayerOptions Layers { get; init; } = new();
    }

    /// <summary>A Dockerfile, built with Docker.</summary>
    internal sealed record Dockerfile(string Path) : ImageSource
    {
        public string Context { get; init; } = ".";

        public string? Target { get; init; }

        public IReadOnlyList<string> BuildArguments { get; init; } = [];

        /// <summary><c>id=…,src=…</c> or <c>id=…,env=…</c>, as Docker writes it.</summary>
        public IReadOnlyList<string> Secrets { get; init; } = [];

        public IReadOnlyList<string> CacheFrom { get; init; } = [];

        /// <summary>BASE_IMAGE: an image of a registry that the build must be logged in to; null when ours is enough.</summary>
        public string? BaseImage { get; init; }

        /// <summary>For that registry; null leaves it to ECR's own token.</summary>
        public RegistryLogin? BaseLogin { get; init; }
    }

    /// <summary>An image in the step's Docker.</summary>
    internal sealed record DockerImage(string Name) : ImageSource;

    /// <summary>An OCI layout or a Docker archive in a file.</summary>
    internal sealed record Archive(string Path) : ImageSource;

    /// <summary>An image that is in the registry already: a tag, a digest, or <c>from:environment</c>. Null means this commit's tag.</summary>
    internal sealed record Existing(string? Reference) : ImageSource;
}

/// <summary>How layers are made from published files.</summary>
internal sealed record LayerOptions
{
    /// <summary>BASE_IMAGE; null for what the SDK infers.</summary>
    public string? BaseImage { get; init; }

    /// <summary>User name and password for the base image's registry; null for none.</summary>
    public RegistryLogin? BaseLogin { get; init; }

    public LayerCompression Compression { get; init; } = LayerCompression.Gzip;
}

/// <summary>A user name and a password for a registry.</summary>
internal sealed record RegistryLogin(string UserName, Secret Password);

/// <summary>LAYER_COMPRESSION.</summary>
internal enum LayerCompression
{
    Gzip,
    Zstd,
}
