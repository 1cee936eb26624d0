using EcsDeploy.Names;

namespace EcsDeploy.Oci;

/// <summary>What an app adds to its base image's configuration.</summary>
internal sealed record ConfigurationChanges
{
    public required IReadOnlyList<string> EntryPoint { get; init; }

    /// <summary>Default arguments; empty takes the base's away.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    public required string WorkingDirectory { get; init; }

    /// <summary>Null keeps the base's.</summary>
    public string? User { get; init; }

    /// <summary>Set in this order over the base's.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>As the configuration spells them: <c>8080/tcp</c>.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; } = [];

    /// <summary>The new layers, lowest first, each with a line for the image's history.</summary>
    public required IReadOnlyList<(Digest DiffId, string History)> Layers { get; init; }
}
