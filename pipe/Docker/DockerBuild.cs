using EcsDeploy.Names;
using EcsDeploy.Settings;

namespace EcsDeploy.Docker;

/// <summary>One call of <c>docker build</c>: its arguments, and the variables that choose the builder.</summary>
internal sealed record DockerBuild(IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Variables)
{
    /// <summary>An image says by it what it was built from, so that another Dockerfile's is not taken for it.</summary>
    public const string SourceLabel = "dotnet-ecs-deploy.dockerfile";

    /// <summary>How the classic builder begins: it advises on a variable that is the pipe's own.</summary>
    private static readonly string[] Advice =
    [
        "DEPRECATED: The legacy builder is deprecated and will be removed in a future release.",
        "BuildKit is currently disabled; enable it by removing the DOCKER_BUILDKIT=0",
        "environment-variable.",
    ];

    /// <summary>The label's value: Dockerfile, context and stage; build arguments are not told, since they may be anything.</summary>
    public static string SourceOf(ImageSource.Dockerfile source) => string.Join(' ', (string?[])[source.Path, source.Context, source.Target]).TrimEnd();

    public static DockerBuild Of(DockerEngine engine, ImageSource.Dockerfile source, string tag, Platform platform, bool useCache = true)
    {
        if (source.Secrets.Count > 0 && !engine.HasBuildKit)
        {
            throw new DockerException(
                $"DOCKER_SECRETS needs BuildKit, and this command line of Docker {engine.ClientVersion} has no buildx plugin. "
                + "Build in an earlier command of the step, where the plugin is, and name the image in IMAGE_NAME; or use DOCKER_BUILD_ARGS for what is no secret.");
        }

        // Bitbucket refuses --platform altogether, so it is given only where the engine would build for another machine.
        var elsewhere = engine.Architecture.Length > 0 && engine.Architecture != platform.Architecture;
        List<string> arguments =
        [
            "build",
            "--file", source.Path,
            "--tag", tag,
            "--label", $"{SourceLabel}={SourceOf(source)}",
            .. elsewhere ? ["--platform", platform.ToString()] : Array.Empty<string>(),
            .. useCache ? Array.Empty<string>() : ["--no-cache"],
            .. source.Target is { } target ? ["--target", target] : Array.Empty<string>(),
            .. source.BuildArguments.SelectMany(argument => new[] { "--build-arg", argument }),
            .. source.Secrets.SelectMany(secret => new[] { "--secret", secret }),
            .. source.CacheFrom.SelectMany(cache => new[] { "--cache-from", cache }),
            .. engine.HasBuildKit ? ["--progress", "plain"] : Array.Empty<string>(),
            source.Context,
        ];
        return new DockerBuild(arguments, new Dictionary<string, string>
        {
            ["DOCKER_BUILDKIT"] = engine.HasBuildKit ? "1" : "0",
            // An attestation beside the image makes it an index, which ECR cannot scan (build-push-action#755).
            ["BUILDX_NO_DEFAULT_ATTESTATIONS"] = "1",
        });
    }

    public static IEnumerable<string> WithoutAdvice(IEnumerable<string> lines) => lines.Where(line => !Advice.Contains(line.Trim())).SkipWhile(string.IsNullOrWhiteSpace);

    public IReadOnlyDictionary<string, string> Over(IReadOnlyDictionary<string, string> environment)
    {
        var both = new Dictionary<string, string>(environment);
        foreach (var (name, value) in Variables)
        {
            both[name] = value;
        }

        return both;
    }
}
