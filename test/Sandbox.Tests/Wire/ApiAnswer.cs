using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Sandbox.Tests.Wire;

/// <summary>What came back from an API call.</summary>
internal sealed record ApiAnswer(HttpStatusCode Status, string Body, string? ContentType)
{
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    public string? Code => Body.StartsWith('<') ? Xml(nameof(Code)) : (string?)Json["__type"];

    public string? Message => Body.StartsWith('<') ? Xml(nameof(Message)) : (string?)(Json["message"] ?? Json[nameof(Message)]);

    /// <summary>The text of the first XML element of this name, anywhere; null when there is none.</summary>
    public string? Xml(string name) => XDocument.Parse(Body).Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value;
}
