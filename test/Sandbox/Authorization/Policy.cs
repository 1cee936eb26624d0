using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sandbox.Authorization;

/// <summary>An IAM policy document of any kind: identity, resource, trust, boundary, session.</summary>
public sealed class Policy
{
    /// <summary>Policies are few; session policies alone could grow without end.</summary>
    private const int Kept = 5_000;

    private static readonly ConcurrentDictionary<string, Policy> Parsed = new(StringComparer.Ordinal);

    private Policy(IReadOnlyList<Statement> statements) => Statements = statements;

    internal IReadOnlyList<Statement> Statements { get; }

    /// <summary>Throws <see cref="FormatException"/> that says what is wrong with the document.</summary>
    public static Policy Parse(string text)
    {
        if (Parsed.TryGetValue(text, out var known))
        {
            return known;
        }

        if (Parsed.Count > Kept)
        {
            Parsed.Clear();
        }

        return Parsed[text] = Read(text);
    }

    /// <summary>Every AWS principal that is named, for services that check whether they exist.</summary>
    public IReadOnlyList<string> AwsPrincipals() => [.. Statements.SelectMany(statement => statement.Principals?.Aws ?? [])];

    private static Policy Read(string text)
    {
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(text, null, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException error)
        {
            throw new FormatException($"The policy is not JSON: {error.Message}", error);
        }

        var document = node as JsonObject ?? throw new FormatException("The policy is not a JSON object.");
        if (document.FirstOrDefault(member => member.Key is not ("Version" or "Id" or "Statement")) is { Key: { } unknown })
        {
            throw new FormatException($"The policy has a member '{unknown}', which no policy has.");
        }

        var version = document["Version"] is JsonValue value && value.TryGetValue<string>(out var given) ? given : "2008-10-17";
        if (version is not ("2012-10-17" or "2008-10-17"))
        {
            throw new FormatException($"The policy's Version is '{version}'; there are 2012-10-17 and 2008-10-17.");
        }

        IReadOnlyList<JsonNode?> statements = document["Statement"] switch
        {
            JsonArray several => [.. several],
            JsonObject one => [one],
            _ => throw new FormatException("The policy has no Statement."),
        };
        return new Policy([.. statements.Select(item => Statement.Read(item as JsonObject ?? throw new FormatException("A Statement is not an object."), version is "2012-10-17"))]);
    }
}
