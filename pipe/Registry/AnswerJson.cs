using System.Text.Json;
using System.Text.Json.Nodes;
using EcsDeploy.Oci;

namespace EcsDeploy.Registry;

/// <summary>Reads a JSON object that someone else wrote: null when it is none, without surprises later (duplicate members throw only when read).</summary>
internal static class AnswerJson
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static JsonObject? Read(ReadOnlySpan<byte> text)
    {
        try
        {
            RawJson.CheckText(text);
            return JsonNode.Parse(text, documentOptions: Strict) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A member that is text; null when it is not there or something else.</summary>
    public static string? Text(JsonObject? document, string member) =>
        document?[member] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>At most <paramref name="most"/> bytes of a body; null when it is longer.</summary>
    public static async Task<byte[]?> ReadBoundedAsync(HttpContent content, int most, CancellationToken token)
    {
        await using var body = await content.ReadAsStreamAsync(token);
        using var read = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await body.ReadAsync(buffer, token) is var count and > 0)
        {
            if (read.Length + count > most)
            {
                return null;
            }

            read.Write(buffer.AsSpan(0, count));
        }

        return read.ToArray();
    }
}
