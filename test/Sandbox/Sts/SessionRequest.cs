using System.Text.Json.Nodes;
using Sandbox.Wire;

namespace Sandbox.Sts;

/// <summary>What AssumeRole and AssumeRoleWithWebIdentity have in common, read from their input.</summary>
internal sealed record SessionRequest
{
    private const int MaximumPolicy = 2048;

    private static readonly TimeSpan DefaultDuration = TimeSpan.FromHours(1);

    public required string RoleArn { get; init; }

    public required string Name { get; init; }

    /// <summary>Null when none was passed.</summary>
    public string? Policy { get; init; }

    public required TimeSpan Duration { get; init; }

    public string? ExternalId { get; init; }

    public string? SourceIdentity { get; init; }

    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    public required IReadOnlyList<string> TransitiveTagKeys { get; init; }

    public static SessionRequest Read(JsonObject input)
    {
        if (input["PolicyArns"] is JsonArray { Count: > 0 })
        {
            throw StsErrors.Validation("The sandbox has no managed policies: pass the session policy as Policy.");
        }

        return new SessionRequest
        {
            RoleArn = (string)input[nameof(RoleArn)]!,
            Name = (string)input["RoleSessionName"]!,
            Policy = ReadPolicy((string?)input[nameof(Policy)]),
            Duration = input["DurationSeconds"] is JsonValue seconds ? TimeSpan.FromSeconds(seconds.GetValue<long>()) : DefaultDuration,
            ExternalId = (string?)input[nameof(ExternalId)],
            SourceIdentity = (string?)input[nameof(SourceIdentity)],
            Tags = ReadTags(input[nameof(Tags)] as JsonArray ?? []),
            TransitiveTagKeys = [.. (input[nameof(TransitiveTagKeys)] as JsonArray ?? []).Select(key => (string)key!)],
        };
    }

    /// <summary>The condition keys that the request carries.</summary>
    public Dictionary<string, IReadOnlyList<string>> Keys()
    {
        var keys = new Dictionary<string, IReadOnlyList<string>> { ["sts:RoleSessionName"] = [Name] };
        foreach (var (key, value) in Tags)
        {
            keys[$"aws:RequestTag/{key}"] = [value];
        }

        Add(keys, "aws:TagKeys", [.. Tags.Keys]);
        Add(keys, "sts:TransitiveTagKeys", TransitiveTagKeys);
        Add(keys, "sts:ExternalId", ExternalId is null ? [] : [ExternalId]);
        Add(keys, "sts:SourceIdentity", SourceIdentity is null ? [] : [SourceIdentity]);
        return keys;
    }

    private static void Add(Dictionary<string, IReadOnlyList<string>> keys, string key, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            keys[key] = values;
        }
    }

    private static Dictionary<string, string> ReadTags(JsonArray tags)
    {
        var read = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var tag in tags.OfType<JsonObject>())
        {
            if (!read.TryAdd((string)tag["Key"]!, (string)tag["Value"]!))
            {
                throw new ApiException("InvalidParameterValue", "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
            }
        }

        return read;
    }

    private static string? ReadPolicy(string? text)
    {
        if (text is null)
        {
            return null;
        }

        // authorization.md 2.1: 2,048 plain characters; what they pack to depends on AWS's own compression.
        if (text.Length > MaximumPolicy)
        {
            throw new ApiException("PackedPolicyTooLarge", $"Packed size of session policy consumes {text.Length * 100 / MaximumPolicy}% of allotted space.");
        }

        try
        {
            _ = Authorization.Policy.Parse(text);
            return text;
        }
        catch (FormatException error)
        {
            throw new ApiException("MalformedPolicyDocument", $"This policy contains invalid Json: {error.Message}");
        }
    }
}
