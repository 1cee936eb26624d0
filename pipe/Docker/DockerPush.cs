using System.Text.RegularExpressions;
using EcsDeploy.Names;

namespace EcsDeploy.Docker;

/// <summary>What <c>docker push</c> said: what it pushed, and what became of each layer.</summary>
internal sealed partial class DockerPush
{
    private const int ShortLength = 12;

    private readonly Dictionary<string, PushedFate> _layers = new(StringComparer.Ordinal);

    /// <summary>Of the manifest; null when it said none.</summary>
    public Digest? Digest { get; private set; }

    /// <summary>One line of its output; the last that tells of something counts.</summary>
    public void Read(string line)
    {
        if (PushedDigest().Match(line) is { Success: true } said && Names.Digest.TryParse(said.Groups["digest"].Value, out var digest))
        {
            Digest = digest;
        }
        else if (Layer().Match(line) is { Success: true } layer)
        {
            _layers[layer.Groups["id"].Value] = layer.Groups["fate"].Value switch
            {
                "Pushed" => PushedFate.Sent,
                "Layer already exists" => PushedFate.WasThere,
                _ => PushedFate.Mounted,
            };
        }
    }

    /// <summary>By the first digits of the digest that the engine names a layer by; null when it said nothing of it.</summary>
    public PushedFate? FateOf(Digest layer) => _layers.TryGetValue(layer.Hex[..ShortLength], out var fate) ? fate : null;

    // "latest: digest: sha256:… size: 527"
    [GeneratedRegex(@"\bdigest: (?<digest>sha256:[0-9a-f]{64}) size: ", RegexOptions.ExplicitCapture)]
    private static partial Regex PushedDigest();

    // "81e82039c695: Pushed"
    [GeneratedRegex("^(?<id>[0-9a-f]{12}): (?<fate>Pushed|Layer already exists|Mounted from)( |$)", RegexOptions.ExplicitCapture)]
    private static partial Regex Layer();
}

/// <summary>What became of a layer that Docker pushed.</summary>
internal enum PushedFate
{
    Sent,
    WasThere,

    /// <summary>Taken over from another repository of the registry.</summary>
    Mounted,
}
