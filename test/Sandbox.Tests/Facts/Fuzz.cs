using System.Text.Json.Nodes;
using Sandbox.Facts;

namespace Sandbox.Tests.Facts;

/// <summary>Makes values that a shape asks for, each spoiled with the given chance in a hundred.</summary>
internal sealed class Fuzz(ServiceFacts facts, Random random, int spoiled)
{
    private static readonly string[] Texts =
    [
        "", "a", "shop", "ü€😀", "a\nb\u0000", "sha256:" + new string('0', 64), "123456789012", "arn:aws:iam::222222222222:role/deploy", "dev", "web", "web:1", "1", "256",
        "arn:aws:ecs:eu-west-1:222222222222:service/dev/web", "arn:aws:ecs:eu-west-1:222222222222:cluster/dev",
    ];

    public JsonNode? Make(string name, int depth)
    {
        if (random.Next(100) < spoiled || depth > 6)
        {
            return Anything();
        }

        var shape = facts[name];
        return shape.Kind switch
        {
            ShapeKind.Structure => new JsonObject(shape.Members
                .Where(member => member.Required || random.Next(4) == 0)
                .Select(member => KeyValuePair.Create(member.Name, Make(member.Shape, depth + 1)))),
            ShapeKind.List => new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => Make(shape.Element!, depth + 1))]),
            ShapeKind.Map => new JsonObject { ["key"] = Make(shape.Element!, depth + 1) },
            ShapeKind.Boolean => JsonValue.Create(random.Next(2) == 0),
            ShapeKind.String when shape.Values.Count > 0 => JsonValue.Create(shape.Values[random.Next(shape.Values.Count)]),
            ShapeKind.String => JsonValue.Create(Text(shape)),
            ShapeKind.Blob => JsonValue.Create("AAAA"),
            _ => JsonValue.Create((long)(shape.Min ?? random.Next(100))),
        };
    }

    private string Text(Shape shape)
    {
        var fitting = Texts.Where(text => Fits(shape, text)).ToList();
        return fitting.Count > 0 ? fitting[random.Next(fitting.Count)] : new string('a', (int)(shape.Min ?? 1));
    }

    private static bool Fits(Shape shape, string text) =>
        text.Length >= (shape.Min ?? 1) && text.Length <= (shape.Max ?? 10_000) && (shape.Pattern is null || Patterns.Matches(shape.Pattern, text));

    private JsonNode? Anything() => random.Next(8) switch
    {
        0 => null,
        1 => JsonValue.Create(random.NextDouble() * 1e20),
        2 => JsonValue.Create(-random.Next()),
        3 => JsonValue.Create(Texts[random.Next(Texts.Length)]),
        4 => new JsonArray(JsonValue.Create(1), null, new JsonObject()),
        5 => new JsonObject { ["]["] = JsonValue.Create(true) },
        6 => JsonValue.Create(new string('x', 5000)),
        _ => JsonValue.Create(false),
    };
}
