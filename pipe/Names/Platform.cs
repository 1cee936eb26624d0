using System.Diagnostics.CodeAnalysis;

namespace EcsDeploy.Names;

/// <summary>What an image runs on, in the words of the OCI image spec: <c>linux/amd64</c> or <c>linux/arm64</c>.</summary>
internal sealed record Platform
{
    public const string Rule = "linux/amd64 or linux/arm64";

    public static readonly Platform Amd64 = new("amd64", "linux-x64");

    public static readonly Platform Arm64 = new("arm64", "linux-arm64");

    private Platform(string architecture, string runtimeIdentifier) => (Architecture, RuntimeIdentifier) = (architecture, runtimeIdentifier);

    /// <summary>The architecture as Go spells it.</summary>
    public string Architecture { get; }

    /// <summary>The same as .NET spells it.</summary>
    public string RuntimeIdentifier { get; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out Platform? platform)
    {
        platform = text switch
        {
            "linux/amd64" => Amd64,
            "linux/arm64" or "linux/arm64/v8" => Arm64,
            _ => null,
        };
        return platform is not null;
    }

    public override string ToString() => $"linux/{Architecture}";
}
