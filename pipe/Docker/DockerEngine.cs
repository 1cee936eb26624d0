using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcsDeploy.Docker;

/// <summary>A command line that answers, and what it and the engine behind it can do.</summary>
internal sealed record DockerEngine
{
    /// <summary>From this version on the command line hands every build to the buildx plugin.</summary>
    private const int BuildxVersion = 23;

    /// <summary>A path, or a name that is looked up in PATH.</summary>
    public required string Program { get; init; }

    /// <summary>"20.10.24".</summary>
    public required string ClientVersion { get; init; }

    public required string ServerVersion { get; init; }

    /// <summary>As Go spells it: "amd64".</summary>
    public required string Architecture { get; init; }

    /// <summary>The plugin answers.</summary>
    public bool HasBuildx { get; init; }

    /// <summary>Without the plugin a new command line builds with the classic builder only, an old one with either.</summary>
    public bool HasBuildKit => HasBuildx || MajorOf(ClientVersion) < BuildxVersion;

    /// <summary>From <c>docker version --format '{{json .}}'</c>; null when no engine answered.</summary>
    public static DockerEngine? Parse(string program, IEnumerable<string> lines)
    {
        foreach (var line in lines.Where(line => line.StartsWith('{')))
        {
            try
            {
                var answer = JsonNode.Parse(line) as JsonObject;
                if (Text(answer, "Server", "Version") is { } server)
                {
                    return new DockerEngine
                    {
                        Program = program,
                        ClientVersion = Text(answer, "Client", "Version") ?? "",
                        ServerVersion = server,
                        Architecture = Text(answer, "Server", "Arch") ?? "",
                    };
                }
            }
            catch (JsonException)
            {
                // A warning may begin with a brace; the answer is a line of its own.
            }
        }

        return null;
    }

    private static string? Text(JsonObject? answer, string part, string member) =>
        (answer?[part] as JsonObject)?[member] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static int MajorOf(string version) =>
        int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : int.MaxValue;
}
