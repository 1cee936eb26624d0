using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sandbox.Facts;

/// <summary>Walks a JSON value beside its shape and notes every breach and every member that the shape does not have.</summary>
internal sealed class ShapeCheck(ServiceFacts facts)
{
    /// <summary>The query protocol has only text.</summary>
    public bool NumbersMayBeText { get; init; }

    public List<Breach> Breaches { get; } = [];

    public List<string> Unknown { get; } = [];

    /// <summary>Null is absent everywhere in AWS's JSON.</summary>
    public void Look(string shapeName, JsonNode? value, string path)
    {
        if (value is null)
        {
            return;
        }

        var shape = facts[shapeName];
        switch (shape.Kind)
        {
            case ShapeKind.Structure when value is JsonObject members:
                LookAtStructure(shape, members, path);
                break;
            case ShapeKind.List when value is JsonArray elements:
                LookAtList(shape, elements, path);
                break;
            case ShapeKind.Map when value is JsonObject entries:
                LookAtMap(shape, entries, path);
                break;
            case ShapeKind.Structure or ShapeKind.List or ShapeKind.Map:
                WrongType(shape, value, path);
                break;
            default:
                LookAtScalar(shape, value, path);
                break;
        }
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private void LookAtStructure(Shape shape, JsonObject value, string path)
    {
        foreach (var member in shape.Members)
        {
            var at = Join(path, member.Name);
            if (member.Required && value[member.Name] is null)
            {
                Breaches.Add(new Breach(at, BreachKind.Required, "", null));
            }

            Look(member.Shape, value[member.Name], at);
        }

        Unknown.AddRange(value.Where(entry => !shape.Has(entry.Key)).Select(entry => Join(path, entry.Key)));
    }

    private void LookAtList(Shape shape, JsonArray value, string path)
    {
        Length(shape, value.Count, path, () => $"[{string.Join(", ", value.Select(Shown))}]");
        for (var i = 0; i < value.Count; i++)
        {
            Look(shape.Element!, value[i], string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"));
        }
    }

    private void LookAtMap(Shape shape, JsonObject value, string path)
    {
        Length(shape, value.Count, path, () => Shown(value));
        foreach (var (key, element) in value)
        {
            Look(shape.Key!, JsonValue.Create(key), path);
            Look(shape.Element!, element, $"{path}[{key.Replace(']', '_')}]");
        }
    }

    private void LookAtScalar(Shape shape, JsonNode value, string path)
    {
        var kind = value.GetValueKind();
        switch (shape.Kind)
        {
            case ShapeKind.String when kind == JsonValueKind.String:
                LookAtText(shape, value.GetValue<string>(), path);
                break;
            case ShapeKind.Blob when kind == JsonValueKind.String && Bytes(value.GetValue<string>()) is { } length:
                Length(shape, length, path, () => "java.nio.HeapByteBuffer");
                break;
            case ShapeKind.Integer or ShapeKind.Long or ShapeKind.Double or ShapeKind.Timestamp when Number(value) is { } number && IsWhole(shape, number):
                Bounds(shape, number, path);
                break;
            case ShapeKind.Timestamp when NumbersMayBeText && DateTimeOffset.TryParse((string?)value, CultureInfo.InvariantCulture, out _):
            case ShapeKind.Boolean when kind is JsonValueKind.True or JsonValueKind.False:
            case ShapeKind.Document:
                break;
            default:
                WrongType(shape, value, path);
                break;
        }
    }

    private void LookAtText(Shape shape, string value, string path)
    {
        if (shape.Values.Count > 0 && !shape.Values.Contains(value))
        {
            Breaches.Add(new Breach(path, BreachKind.Values, string.Join(", ", shape.Values), value));
        }

        if (shape.Pattern is { } pattern && !Patterns.Matches(pattern, value))
        {
            Breaches.Add(new Breach(path, BreachKind.Pattern, pattern, value));
        }

        Length(shape, value.Length, path, () => value);
    }

    private static bool IsWhole(Shape shape, decimal number) => shape.Kind switch
    {
        ShapeKind.Integer => number == Math.Truncate(number) && number is >= int.MinValue and <= int.MaxValue,
        ShapeKind.Long => number == Math.Truncate(number) && number is >= long.MinValue and <= long.MaxValue,
        _ => true,
    };

    private decimal? Number(JsonNode value)
    {
        var text = value.GetValueKind() switch
        {
            JsonValueKind.Number => value.ToJsonString(),
            JsonValueKind.String when NumbersMayBeText => value.GetValue<string>(),
            _ => null,
        };
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static int? Bytes(string base64)
    {
        var room = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, room, out var length) ? length : null;
    }

    private void Length(Shape shape, int length, string path, Func<string> shown)
    {
        if (length < shape.Min)
        {
            Breaches.Add(new Breach(path, BreachKind.MinLength, Text(shape.Min.Value), shown()));
        }

        if (length > shape.Max)
        {
            Breaches.Add(new Breach(path, BreachKind.MaxLength, Text(shape.Max.Value), shown()));
        }
    }

    private void Bounds(Shape shape, decimal number, string path)
    {
        if (number < shape.Min)
        {
            Breaches.Add(new Breach(path, BreachKind.MinValue, Text(shape.Min.Value), Text(number)));
        }

        if (number > shape.Max)
        {
            Breaches.Add(new Breach(path, BreachKind.MaxValue, Text(shape.Max.Value), Text(number)));
        }
    }

    private void WrongType(Shape shape, JsonNode value, string path) => Breaches.Add(new Breach(path, BreachKind.Type, shape.Kind.ToString(), value.GetValueKind().ToString()));

    private static string Text(decimal number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Shown(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value?.ToJsonString() ?? "null";
}
