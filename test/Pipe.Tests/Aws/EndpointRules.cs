using System.Text.Json.Nodes;
using EcsDeploy.Names;

namespace Pipe.Tests.Aws;

/// <summary>Evaluates one of Amazon's endpoint rule sets, as far as the services that are called need it (Smithy, "Rules engine").</summary>
internal sealed class EndpointRules
{
    private readonly JsonArray _rules;
    private readonly Dictionary<string, object?> _values = [];

    private EndpointRules(JsonArray rules) => _rules = rules;

    public static EndpointRules Read(string path) => new(JsonNode.Parse(File.ReadAllText(path))!["rules"]!.AsArray());

    public string? Resolve(string region, bool fips, bool dualStack)
    {
        _values.Clear();
        (_values["Region"], _values["UseFIPS"], _values["UseDualStack"], _values["UseGlobalEndpoint"]) = (region, fips, dualStack, false);
        return First(_rules);
    }

    private string? First(JsonArray rules) =>
        rules.Where(rule => rule!["conditions"]!.AsArray().All(condition => Holds(condition!))).Select(rule => Outcome(rule!)).FirstOrDefault(found => found is not null);

    private string? Outcome(JsonNode rule) => (string)rule["type"]! switch
    {
        "tree" => First(rule["rules"]!.AsArray()),
        "endpoint" => Filled((string)rule["endpoint"]!["url"]!),
        _ => "error: " + (string?)rule["error"],
    };

    private bool Holds(JsonNode condition)
    {
        var result = Call(condition);
        if ((string?)condition["assign"] is { } name)
        {
            _values[name] = result;
        }

        return result is not (null or false);
    }

    private object? Call(JsonNode call)
    {
        var arguments = call["argv"]!.AsArray().Select(argument => Value(argument!)).ToArray();
        return (string)call["fn"]! switch
        {
            "isSet" => arguments[0] is not null,
            "not" => arguments[0] is false,
            "booleanEquals" or "stringEquals" => Equals(arguments[0], arguments[1]),
            "aws.partition" => AwsPartition.Of((string)arguments[0]!),
            "getAttr" => Attribute((AwsPartition)arguments[0]!, (string)arguments[1]!),
            var other => throw new NotSupportedException(other),
        };
    }

    private object? Value(JsonNode argument) => argument switch
    {
        JsonObject reference when (string?)reference["ref"] is { } name => _values.GetValueOrDefault(name),
        JsonObject call => Call(call),
        JsonValue value when value.TryGetValue<bool>(out var boolean) => boolean,
        _ => (string)argument!,
    };

    private static object Attribute(AwsPartition partition, string name) => name switch
    {
        "name" => partition.Name,
        "dnsSuffix" => partition.DnsSuffix,
        "dualStackDnsSuffix" => partition.DualStackDnsSuffix,
        "supportsFIPS" or "supportsDualStack" => true,
        _ => throw new NotSupportedException(name),
    };

    private string Filled(string url)
    {
        var partition = (AwsPartition)_values["PartitionResult"]!;
        return url
            .Replace("{Region}", (string)_values["Region"]!, StringComparison.Ordinal)
            .Replace("{PartitionResult#dnsSuffix}", partition.DnsSuffix, StringComparison.Ordinal)
            .Replace("{PartitionResult#dualStackDnsSuffix}", partition.DualStackDnsSuffix, StringComparison.Ordinal);
    }
}
