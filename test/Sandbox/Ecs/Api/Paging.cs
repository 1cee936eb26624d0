using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sandbox.Wire;

namespace Sandbox.Ecs.Api;

/// <summary>Cuts lists into pages of the documented sizes, or of the option's size; a token names the last item given.</summary>
public sealed class Paging(int limit)
{
    /// <summary>Pages what comes in the order of its key.</summary>
    public JsonArray Page<T>(ApiCall call, JsonObject answer, PageOf<T> page)
    {
        var size = Math.Min(Size(call.Input, page), limit);
        var items = page.After(Decode(call)).Take(size + 1).ToList();
        if (items.Count > size)
        {
            items.RemoveAt(size);
            answer["nextToken"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{call.Operation}|{page.Key(items[^1])}"));
        }

        return Json.Array(items.Select(page.Write));
    }

    private static int Size<T>(JsonObject input, PageOf<T> page)
    {
        var size = (int?)input["maxResults"] ?? page.Usual;
        return size is < 1 || size > page.Most
            ? throw Errors.Invalid(string.Create(CultureInfo.InvariantCulture, $"maxResults should be between 1 and {page.Most}."))
            : size;
    }

    private static string? Decode(ApiCall call)
    {
        if (call.Input.Text("nextToken") is not { Length: > 0 } token)
        {
            return null;
        }

        var buffer = new byte[token.Length];
        var text = Convert.TryFromBase64String(token, buffer, out var length) ? Encoding.UTF8.GetString(buffer, 0, length) : "";
        var prefix = $"{call.Operation}|";
        return text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : throw Errors.Invalid("Invalid token.");
    }
}

/// <summary>A list that can be paged: its sizes, its items behind a key in the key's order, and how one is written.</summary>
public sealed record PageOf<T>(int Usual, int Most, Func<string?, IEnumerable<T>> After, Func<T, string> Key, Func<T, JsonNode?> Write)
{
    /// <summary>For a list whose items are cheap to go through from the start.</summary>
    public PageOf(int usual, int most, IEnumerable<T> items, Func<T, string> key, Func<T, JsonNode?> write)
        : this(usual, most, last => last is null ? items : items.SkipWhile(item => key(item) != last).Skip(1), key, write)
    {
    }
}
