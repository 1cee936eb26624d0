using System.Text.Json.Nodes;

namespace Sandbox.Ecs.State;

/// <summary>The revisions of one task definition family.</summary>
public sealed class TaskDefinitionFamily(string name)
{
    public string Name { get; } = name;

    public SortedDictionary<int, TaskDefinition> Revisions { get; } = [];

    /// <summary>Revision numbers are never given twice.</summary>
    public int LastRevision { get; set; }

    public TaskDefinition? LatestActive => Revisions.Values.LastOrDefault(definition => definition.Active);
}

/// <summary>One registered revision.</summary>
public sealed class TaskDefinition
{
    public required string Arn { get; init; }

    public required string Family { get; init; }

    public required int Revision { get; init; }

    /// <summary>As Describe answers it, unknown members included; never given out without a copy.</summary>
    public required JsonObject Document { get; init; }

    public JsonArray Tags { get; set; } = [];

    public bool Active { get; set; } = true;

    public string? ExecutionRole => (string?)Document["executionRoleArn"];

    public string? TaskRole => (string?)Document["taskRoleArn"];

    /// <summary><c>linux/amd64</c> or <c>linux/arm64</c>.</summary>
    public string Platform => (string?)Document["runtimePlatform"]?["cpuArchitecture"] == "ARM64" ? "linux/arm64" : "linux/amd64";

    public IEnumerable<JsonObject> Containers => (Document["containerDefinitions"] as JsonArray ?? []).OfType<JsonObject>();

    public int Cpu => Amount("cpu");

    public int Memory => Amount("memory");

    private int Amount(string member)
    {
        if (int.TryParse((string?)Document[member], out var whole))
        {
            return whole;
        }

        return Containers.Sum(container => (int?)container[member] ?? (member == "memory" ? (int?)container["memoryReservation"] : null) ?? 0);
    }
}
