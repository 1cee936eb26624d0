using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace EcsDeploy.Oci;

/// <summary>Image documents as JSON nodes, so that fields nobody here knows survive; the same nodes always give the same bytes.</summary>
internal static class RawJson
{
    // Go's decoders, which every registry and runtime uses, read plain UTF-8; escaping it would only make documents larger.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Two values for one key would be read differently by different readers.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static JsonObject ParseObject(ReadOnlySpan<byte> bytes, string document)
    {
        try
        {
            CheckText(bytes);
            return JsonNode.Parse(bytes, documentOptions: Strict) as JsonObject ?? throw new DocumentException($"The {document} is no JSON object.");
        }
        catch (JsonException error)
        {
            throw new DocumentException($"The {document} is not readable as JSON.", error);
        }
    }

    /// <summary>JSON may write half a character ("\ud800"), or bytes that are no UTF-8, which .NET notices only when somebody reads the text.</summary>
    /// <exception cref="JsonException">It does, or it is no JSON.</exception>
    public static void CheckText(ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            throw new JsonException("It has text that is no UTF-8.");
        }

        if (bytes.IndexOf("\\ud"u8) < 0 && bytes.IndexOf("\\uD"u8) < 0)
        {
            return;
        }

        var reader = new Utf8JsonReader(bytes);
        try
        {
            while (reader.Read())
            {
                _ = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString() : null;
            }
        }
        catch (InvalidOperationException half)
        {
            throw new JsonException("It has text with half a character.", half);
        }
    }

    public static byte[] ToBytes(JsonObject document)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            document.WriteTo(writer);
        }

        return buffer.ToArray();
    }

    /// <summary>A text field; null when it is missing, null or no text.</summary>
    public static string? Text(this JsonObject document, string name) =>
        document[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static IReadOnlyList<string> Texts(this JsonObject document, string name) =>
        document[name] is JsonArray array ? [.. array.Select(TextOf).OfType<string>()] : [];

    /// <summary>An object whose values are text, in its own order.</summary>
    public static IReadOnlyDictionary<string, string> TextMap(this JsonObject document, string name)
    {
        var map = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in document[name] as JsonObject ?? [])
        {
            if (TextOf(value) is { } text)
            {
                map[key] = text;
            }
        }

        return map;
    }

    public static JsonArray ArrayOf(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)JsonValue.Create(text))]);

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
