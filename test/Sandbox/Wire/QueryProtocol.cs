using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace Sandbox.Wire;

/// <summary>The AWS Query protocol, as STS speaks it: a form goes in, XML comes out.</summary>
internal static class QueryProtocol
{
    public const string Version = "2011-06-15";

    private static readonly XNamespace Xml = $"https://sts.amazonaws.com/doc/{Version}/";

    /// <summary>Members that are numbers; a form knows only text.</summary>
    private static readonly HashSet<string> Numbers = ["DurationSeconds"];

    /// <summary>The form as the JSON that its dotted names say: <c>Tags.member.1.Key=a</c> becomes <c>{"Tags":[{"Key":"a"}]}</c>.</summary>
    public static JsonObject Input(IReadOnlyDictionary<string, string> form)
    {
        var input = new JsonObject();
        foreach (var (name, value) in form.OrderBy(field => field.Key.Length).ThenBy(field => field.Key, StringComparer.Ordinal))
        {
            if (name is not ("Action" or "Version"))
            {
                Place(input, name.Split('.'), value);
            }
        }

        return input;
    }

    public static Task WriteAsync(HttpContext context, string operation, string requestId, JsonObject output)
    {
        var result = output.Select(member => Element(member.Key, member.Value));
        var answer = new XElement(
            Xml + $"{operation}Response",
            new XElement(Xml + $"{operation}Result", result),
            new XElement(Xml + "ResponseMetadata", new XElement(Xml + "RequestId", requestId)));
        return WriteAsync(context, StatusCodes.Status200OK, answer);
    }

    public static Task WriteErrorAsync(HttpContext context, ApiException error, string requestId)
    {
        var type = error.Status >= StatusCodes.Status500InternalServerError ? "Receiver" : "Sender";
        var answer = new XElement(
            Xml + "ErrorResponse",
            new XElement(
                Xml + "Error",
                new XElement(Xml + "Type", type),
                new XElement(Xml + "Code", error.Code),
                new XElement(Xml + "Message", Printable(error.Message))),
            new XElement(Xml + "RequestId", requestId));
        return WriteAsync(context, error.Status, answer);
    }

    private static void Place(JsonObject into, string[] path, string value)
    {
        // Lists are flattened as Name.member.N[.Member]; nothing that STS takes lies deeper.
        if (path.Length is 1)
        {
            into[path[0]] = Number(path[0], value) is { } number ? number : value;
        }
        else if (path is [var list, "member", var index, ..] && path.Length <= 4 && int.TryParse(index, CultureInfo.InvariantCulture, out var at))
        {
            var items = into[list] as JsonArray;
            into[list] = items ??= [];
            if (at == items.Count + 1)
            {
                items.Add(path.Length is 4 ? new JsonObject() : JsonValue.Create(value));
            }

            if (path.Length is 4 && at >= 1 && at <= items.Count && items[at - 1] is JsonObject item)
            {
                item[path[3]] = value;
            }
        }
        else
        {
            into[string.Join('.', path)] = value;
        }
    }

    private static long? Number(string name, string value) =>
        Numbers.Contains(name) && long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static XElement Element(string name, JsonNode? value)
    {
        return value is JsonObject members
            ? new XElement(Xml + name, members.Select(member => Element(member.Key, member.Value)))
            : new XElement(Xml + name, value?.ToString());
    }

    /// <summary>XML has no way to write most control characters, and a hostile request may have put some into a message.</summary>
    private static string Printable(string text) => string.Concat(text.Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter));

    private static Task WriteAsync(HttpContext context, int status, XElement answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/xml";
        return context.Response.WriteAsync(answer.ToString(SaveOptions.DisableFormatting), context.RequestAborted);
    }
}
