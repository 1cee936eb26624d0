using System.Text;
using System.Text.Json.Nodes;

namespace EcsDeploy.Registry;

/// <summary>One entry of a registry's errors document (OCI distribution spec, "Error Codes"), made safe to print.</summary>
internal sealed record RegistryError(string Code, string Message)
{
    /// <summary>More of an answer than this is not read: an errors document is short, a proxy's HTML page may not be.</summary>
    private const int MostBytes = 64 * 1024;

    private const int MostCharacters = 1000;

    private const int MostErrors = 5;

    public override string ToString() => Code.Length > 0 && Message.Length > 0 ? $"{Code}: {Message}" : Code + Message;

    /// <summary>What an answer's body says; a body that is no errors document is given back as one error without a code.</summary>
    public static async Task<IReadOnlyList<RegistryError>> ReadAsync(HttpContent content, CancellationToken token)
    {
        var body = await AnswerJson.ReadBoundedAsync(content, MostBytes, token) ?? "an answer too long to print"u8.ToArray();
        // What is no UTF-8 is replaced: some proxies write in the encoding of their country.
        var text = Encoding.UTF8.GetString(body);
        if (AnswerJson.Read(Encoding.UTF8.GetBytes(text))?["errors"] is JsonArray errors)
        {
            return [.. errors.OfType<JsonObject>().Take(MostErrors).Select(error => new RegistryError(Text(error, "code"), Text(error, "message")))];
        }

        // Not every answer is the registry's own: proxies and load balancers write text.
        var clean = Clean(text);
        return clean.Length > 0 ? [new RegistryError("", clean)] : [];
    }

    /// <summary>Without control characters and line breaks, and short enough for a log line.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(Math.Min(text.Length, MostCharacters));
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, MostCharacters)))
        {
            clean.Append(char.IsControl(character) || char.IsSurrogate(character) ? ' ' : character);
        }

        return clean.ToString().Trim();
    }

    private static string Text(JsonObject error, string member) => Clean(AnswerJson.Text(error, member) ?? "");
}
