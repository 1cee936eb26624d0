using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Sandbox.Pages;

/// <summary>The state as a page to read: lists of objects are tables, objects are lists of names; no script, nothing from elsewhere.</summary>
internal static class StatePage
{
    private const string Head =
        """
        <!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>Sandbox</title>
        <style>body{font:14px/1.4 system-ui,sans-serif;margin:2em;max-width:90em}table{border-collapse:collapse}
        th,td{border:1px solid #ccc;padding:.2em .5em;text-align:left;vertical-align:top}dt{font-weight:600}dd{margin:0 0 .3em 1.5em}
        ul{margin:0;padding-left:1.2em}h1{font-size:1.5em}h2{font-size:1.2em;margin-top:1.5em}</style>
        <h1>Sandbox: a stand-in for AWS and Bitbucket</h1>
        """;

    public static string Of(JsonObject state)
    {
        var page = new StringBuilder(Head);
        foreach (var (name, value) in state)
        {
            page.Append("<h2>").Append(Text(name)).Append("</h2>");
            Write(page, value);
        }

        return page.Append("</html>\n").ToString();
    }

    private static void Write(StringBuilder page, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } members:
                page.Append("<dl>");
                foreach (var (name, value) in members)
                {
                    page.Append("<dt>").Append(Text(name)).Append("</dt><dd>");
                    Write(page, value);
                    page.Append("</dd>");
                }

                page.Append("</dl>");
                break;
            case JsonArray { Count: > 0 } rows when rows.All(row => row is JsonObject):
                WriteTable(page, [.. rows.OfType<JsonObject>()]);
                break;
            case JsonArray { Count: > 0 } items:
                page.Append("<ul>");
                foreach (var item in items)
                {
                    page.Append("<li>");
                    Write(page, item);
                }

                page.Append("</ul>");
                break;
            default:
                page.Append(node is JsonArray or JsonObject or null ? "–" : Text(node.ToString()));
                break;
        }
    }

    private static void WriteTable(StringBuilder page, IReadOnlyList<JsonObject> rows)
    {
        var columns = rows.SelectMany(row => row.Select(member => member.Key)).Distinct().ToList();
        page.Append("<table><tr>").AppendJoin("", columns.Select(column => $"<th>{Text(column)}</th>")).Append("</tr>");
        foreach (var row in rows)
        {
            page.Append("<tr>");
            foreach (var column in columns)
            {
                page.Append("<td>");
                Write(page, row[column]);
                page.Append("</td>");
            }

            page.Append("</tr>");
        }

        page.Append("</table>");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
