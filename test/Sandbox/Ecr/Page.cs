using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sandbox.Wire;

namespace Sandbox.Ecr;

/// <summary>Cuts a list into the pages that ECR documents: 100 unless asked for, at most 1,000, each token good for the next page.</summary>
internal static class Page
{
    /// <summary>
    /// The items of the page that <paramref name="call"/> asks for; <c>nextToken</c> is put into <paramref name="answer"/> when there are more.
    /// A token is the last item's key, by which the list is ordered: a list that changes between two pages loses none of the old items.
    /// </summary>
    public static IReadOnlyList<T> Of<T>(ApiCall call, JsonObject answer, IEnumerable<T> ordered, Func<T, string> keyOf, PageSize size)
    {
        var after = After(Input.Text(call.Input, "nextToken"));
        var asked = Input.Number(call.Input, "maxResults");
        if (asked > size.Maximum || asked < 1)
        {
            throw EcrErrors.Invalid("maxResults", asked < 1
                ? "Member must have value greater than or equal to 1"
                : $"Member must have value less than or equal to {size.Maximum.ToString(CultureInfo.InvariantCulture)}");
        }

        var count = Math.Min(asked ?? size.Default, size.Cap ?? int.MaxValue);
        var rest = ordered.Where(item => after is null || string.CompareOrdinal(keyOf(item), after) > 0).Take(count + 1).ToList();
        if (rest.Count > count)
        {
            rest.RemoveAt(count);
            answer["nextToken"] = Convert.ToBase64String(Encoding.UTF8.GetBytes("after:" + keyOf(rest[^1])));
        }

        return rest;
    }

    /// <summary>Pages and explicit ids exclude each other (API DescribeImages, DescribeRepositories).</summary>
    public static void DemandNone(ApiCall call, string member)
    {
        if (call.Input["nextToken"] is not null || call.Input["maxResults"] is not null)
        {
            throw EcrErrors.Invalid(member, $"nextToken and maxResults cannot be used together with {member}");
        }
    }

    private static string? After(string? token)
    {
        if (token is null)
        {
            return null;
        }

        var buffer = new byte[token.Length];
        return Convert.TryFromBase64String(token, buffer, out var length) && Encoding.UTF8.GetString(buffer, 0, length) is var text
            && text.StartsWith("after:", StringComparison.Ordinal)
                ? text["after:".Length..]
                : throw EcrErrors.Invalid("nextToken", "Invalid token");
    }
}

/// <summary>The documented sizes of one list, and a smaller one that a test may want.</summary>
internal readonly record struct PageSize(int Default, int Maximum, int? Cap)
{
    public static PageSize Usual(EcrHabits habits) => new(100, 1000, habits.PageSize);
}
