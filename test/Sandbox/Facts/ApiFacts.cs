using System.Text.Json.Nodes;
using Sandbox.Wire;

namespace Sandbox.Facts;

/// <summary>What Amazon's API models say of the operations that the sandbox plays, and the checks that follow from it.</summary>
public static class ApiFacts
{
    private static readonly Dictionary<string, Lazy<ServiceFacts>> Services =
        new[] { "ecs", "ecr", "logs", "sts" }.ToDictionary(name => name, name => new Lazy<ServiceFacts>(() => Load(name)));

    /// <summary>The facts of a service by its signing name; null when the sandbox does not play it.</summary>
    public static ServiceFacts? Find(string service) => Services.GetValueOrDefault(service)?.Value;

    public static bool Knows(string service, string operation) => Find(service)?.Operations.ContainsKey(operation) ?? false;

    /// <summary>
    /// Holds an input to the model. Members that the model does not know are reported and kept: AWS ignores them, and newer fields must survive.
    /// Throws <see cref="ApiException"/>, worded as this service words it, naming every breach.
    /// </summary>
    public static InputReport Check(string service, string operation, JsonObject input)
    {
        var facts = Find(service) ?? throw new ArgumentException($"The sandbox does not play {service}.", nameof(service));
        // The query protocol has only text: its numbers arrive as such.
        var check = new ShapeCheck(facts) { NumbersMayBeText = service == "sts" };
        if (facts.Operations[operation].Input is { } shape)
        {
            check.Look(shape, input, "");
        }

        return check.Breaches.Count == 0 ? new InputReport(check.Unknown) : throw BreachWording.Of(service, operation, check.Breaches);
    }

    /// <summary>
    /// What is wrong with an answer of ours: wrong types, missing or invented members. Empty when it fits the model. Members whose names
    /// are in <paramref name="sent"/> were unknown when clients sent them, and are given back as they came.
    /// </summary>
    public static IReadOnlyList<string> CheckOutput(string service, string operation, JsonObject output, IReadOnlySet<string>? sent = null)
    {
        var facts = Find(service)!;
        var check = new ShapeCheck(facts) { NumbersMayBeText = service == "sts" };
        if (facts.Operations[operation].Output is { } shape)
        {
            check.Look(shape, output, "");
        }

        var invented = check.Unknown.Where(path => sent?.Contains(path[(path.LastIndexOf('.') + 1)..]) != true);
        return [.. invented.Select(path => $"{path} is not in the model"), .. check.Breaches.Where(breach => !IsEmptyList(breach)).Select(breach => breach.ToString())];
    }

    /// <summary>A list that must not be empty where it is sent (ECR's ImageIdentifierList) is empty in an answer where there is nothing: so answers ListImages of an empty repository.</summary>
    private static bool IsEmptyList(Breach breach) => breach is { Rule: BreachKind.MinLength, Value: "[]" };

    private static ServiceFacts Load(string name)
    {
        using var stream = typeof(ApiFacts).Assembly.GetManifestResourceStream($"Sandbox.Facts.{name}.facts")!;
        using var reader = new StreamReader(stream);
        return FactsText.Read(reader);
    }
}
