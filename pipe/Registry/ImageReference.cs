using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using EcsDeploy.Names;

namespace EcsDeploy.Registry;

/// <summary>
/// An image as people write it: <c>host/name:tag@digest</c>, with Docker Hub's short forms (<c>alpine</c>, <c>user/app</c>) made whole.
/// Grammar: github.com/distribution/reference.
/// </summary>
internal sealed partial record ImageReference
{
    public const string Rule = "an image such as mcr.microsoft.com/dotnet/aspnet:10.0 or host/name@sha256:…";

    /// <summary>Where Docker Hub's images are kept; <c>docker.io</c> is only its name.</summary>
    private const string DockerHub = "registry-1.docker.io";

    private ImageReference(string host, string name, ImageTag? tag, Digest? digest) => (Host, Name, Tag, Digest) = (host, name, tag, digest);

    /// <summary>The registry, with a port where one was given.</summary>
    public string Host { get; }

    /// <summary>What docker login calls the registry; null for Docker Hub, which it knows by no host.</summary>
    public string? HostForDocker => Host == DockerHub ? null : Host;

    public string Name { get; }

    public ImageTag? Tag { get; }

    /// <summary>Wins over <see cref="Tag"/>; null when none was given.</summary>
    public Digest? Digest { get; }

    /// <summary>What is asked of the registry: the digest, else the tag, else <c>latest</c>.</summary>
    public string Wanted => Digest?.Text ?? Tag?.Text ?? "latest";

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ImageReference? reference)
    {
        reference = null;
        var match = Form().Match(text ?? "");
        if (!match.Success)
        {
            return false;
        }

        var (first, rest) = SplitHost(match.Groups["path"].Value);
        ImageTag? tag = null;
        Digest? digest = null;
        var valid = (!match.Groups["tag"].Success || ImageTag.TryParse(match.Groups["tag"].Value, out tag))
            && (!match.Groups["digest"].Success || Names.Digest.TryParse(match.Groups["digest"].Value, out digest))
            && NameForm().IsMatch(rest);
        reference = valid ? new ImageReference(first, rest, tag, digest) : null;
        return valid;
    }

    /// <summary>For text that is known to be right; throws a <see cref="FormatException"/> otherwise.</summary>
    public static ImageReference Parse(string text) =>
        TryParse(text, out var reference) ? reference : throw new FormatException($"'{text}' is not {Rule}.");

    public ImageReference WithDigest(Digest digest) => new(Host, Name, Tag, digest);

    public override string ToString() => $"{Host}/{Name}{(Tag is null ? "" : ":" + Tag)}{(Digest is null ? "" : "@" + Digest)}";

    private static (string Host, string Name) SplitHost(string path)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : path[..slash];
        var isHost = first.Contains('.', StringComparison.Ordinal) || first.Contains(':', StringComparison.Ordinal) || first == "localhost";
        return (isHost, first) switch
        {
            (true, "docker.io" or "index.docker.io") => (DockerHub, path[(slash + 1)..] is var name && name.Contains('/', StringComparison.Ordinal) ? name : "library/" + name),
            (true, _) => (first, path[(slash + 1)..]),
            _ => (DockerHub, slash < 0 ? "library/" + path : path),
        };
    }

    [GeneratedRegex(@"^(?<path>(\[[0-9a-fA-F:]+\](:[0-9]{1,5})?/|[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?/)?[a-z0-9][a-z0-9._/-]*)(:(?<tag>[\w.-]+))?(@(?<digest>[\w:+.-]+))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();

    [GeneratedRegex(@"^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$", RegexOptions.ExplicitCapture)]
    private static partial Regex NameForm();
}
