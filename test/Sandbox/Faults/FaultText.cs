using System.Text.Json.Nodes;

namespace Sandbox.Faults;

/// <summary>Fault rules as text: <c>{"on":"ecs:UpdateService","fault":"throttle","first":2,"count":3,"seconds":5,"status":503}</c>; a count of "all" never ends.</summary>
public static class FaultText
{
    /// <summary>Throws <see cref="FormatException"/> with what is wrong.</summary>
    public static FaultRule Read(JsonNode? node)
    {
        var rule = node as JsonObject ?? throw new FormatException("A fault is an object.");
        if (rule.FirstOrDefault(entry => entry.Key is not ("on" or "fault" or "first" or "count" or "seconds" or "status")) is { Key: { } unknown })
        {
            throw new FormatException($"A fault has no '{unknown}'.");
        }

        try
        {
            return new FaultRule
            {
                On = (string?)rule["on"] ?? throw new FormatException("A fault needs 'on'."),
                Kind = Kind((string?)rule["fault"]),
                First = (int?)rule["first"] ?? 1,
                Count = IsAll(rule["count"]) ? null : (int?)rule["count"] ?? 1,
                Duration = (double?)rule["seconds"] is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                Status = (int?)rule["status"],
            };
        }
        catch (InvalidOperationException wrongType)
        {
            throw new FormatException($"A fault's first, count, seconds and status are numbers, the others texts: {wrongType.Message}", wrongType);
        }
    }

    public static JsonObject Write(FaultRule rule) => new()
    {
        ["on"] = rule.On,
        ["fault"] = char.ToLowerInvariant($"{rule.Kind}"[0]) + $"{rule.Kind}"[1..],
        ["first"] = rule.First,
        ["count"] = rule.Count is { } count ? count : "all",
        ["seconds"] = rule.Duration?.TotalSeconds,
        ["status"] = rule.Status,
    };

    private static FaultKind Kind(string? name) =>
        Enum.TryParse<FaultKind>(name, ignoreCase: true, out var kind) && Enum.IsDefined(kind)
            ? kind
            : throw new FormatException($"There is no fault '{name}'. There are {string.Join(", ", Enum.GetNames<FaultKind>())}.");

    private static bool IsAll(JsonNode? count) => count is JsonValue value && value.TryGetValue<string>(out var text) && text == "all";
}
