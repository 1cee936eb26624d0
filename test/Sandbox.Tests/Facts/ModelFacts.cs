using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sandbox.Facts;

namespace Sandbox.Tests.Facts;

/// <summary>Makes the compact form from one of Amazon's models: chosen operations, and every shape they reach.</summary>
internal sealed class ModelFacts(JsonObject model)
{
    private readonly SortedDictionary<string, Shape> _shapes = new(StringComparer.Ordinal);

    public static string Compact(JsonObject model, IEnumerable<string> operations)
    {
        var facts = new ModelFacts(model).Of(operations);
        var text = new StringBuilder("# Derived from Amazon's API model; see NOTICE. The form is explained in FactsText.cs.\n");
        foreach (var operation in facts.Operations.Values)
        {
            text.AppendJoin(' ', ["operation", operation.Name, operation.Input ?? "-", operation.Output ?? "-", .. operation.Errors]).Append('\n');
        }

        foreach (var shape in facts.Shapes.Values)
        {
            text.Append(Line(shape)).Append('\n');
            text.AppendJoin("", shape.Members.Select(member => $"  {member.Name}{(member.Required ? "!" : "")} {member.Shape}\n"));
        }

        return text.ToString();
    }

    public ServiceFacts Of(IEnumerable<string> names)
    {
        var operations = new SortedDictionary<string, Operation>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var operation = model["operations"]![name] ?? throw new InvalidOperationException($"The model has no operation {name}.");
            var errors = operation["errors"]?.AsArray().Select(error => (string)error!["shape"]!) ?? [];
            operations[name] = new Operation(name, Reach(operation["input"]), Reach(operation["output"]), [.. errors]);
        }

        return new ServiceFacts(operations, _shapes);
    }

    private static string Line(Shape shape)
    {
        var words = new List<string> { shape.Kind.ToString().ToLowerInvariant(), shape.Name };
        words.AddRange(new[] { shape.Key, shape.Element }.OfType<string>());
        if (shape.Min is not null || shape.Max is not null)
        {
            words.Add(string.Create(CultureInfo.InvariantCulture, $"{shape.Min}..{shape.Max}"));
        }

        if (shape.Values.Count > 0)
        {
            words.AddRange(["=", .. shape.Values]);
        }

        return string.Join(' ', words) + (shape.Pattern is null ? "" : $" ~ {shape.Pattern}");
    }

    private string? Reach(JsonNode? reference)
    {
        if (reference is null)
        {
            return null;
        }

        var name = (string)reference["shape"]!;
        var source = model["shapes"]![name]!.AsObject();
        var kind = source["document"] is not null ? ShapeKind.Document : Enum.Parse<ShapeKind>((string)source["type"]!, ignoreCase: true);
        if (!source.Any(entry => entry.Key is "min" or "max" or "pattern" or "enum" or "members" or "member" or "key"))
        {
            return kind.ToString().ToLowerInvariant();
        }

        if (kind == ShapeKind.Document || _shapes.ContainsKey(name))
        {
            return kind == ShapeKind.Document ? "document" : name;
        }

        // Entered before its members are: shapes may contain themselves.
        _shapes[name] = new Shape { Name = name, Kind = kind };
        _shapes[name] = Full(name, kind, source);
        return name;
    }

    private Shape Full(string name, ShapeKind kind, JsonObject source)
    {
        var required = source["required"]?.AsArray().Select(member => (string)member!).ToHashSet() ?? [];
        return new Shape
        {
            Name = name,
            Kind = kind,
            Min = (decimal?)source["min"],
            Max = (decimal?)source["max"],
            Pattern = (string?)source["pattern"],
            Values = source["enum"]?.AsArray().Select(value => (string)value!).ToArray() ?? [],
            Members = source["members"]?.AsObject().Select(member => new Member(member.Key, Reach(member.Value)!, required.Contains(member.Key))).ToArray() ?? [],
            Key = Reach(source["key"]),
            Element = Reach(source["member"] ?? source["value"]),
        };
    }
}
