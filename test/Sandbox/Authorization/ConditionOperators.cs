using System.Globalization;
using System.Net;

namespace Sandbox.Authorization;

/// <summary>IAM's positive condition operators, each a comparison of the policy's value with the request's.</summary>
internal static class ConditionOperators
{
    private static readonly Dictionary<string, Func<string, string, bool>> ByName = new(StringComparer.Ordinal)
    {
        ["StringEquals"] = (wanted, given) => wanted == given,
        ["StringEqualsIgnoreCase"] = (wanted, given) => string.Equals(wanted, given, StringComparison.OrdinalIgnoreCase),
        ["StringLike"] = (wanted, given) => Wildcard.Matches(wanted, given),

        // IAM treats the two alike.
        ["ArnEquals"] = Wildcard.MatchesArn,
        ["ArnLike"] = Wildcard.MatchesArn,
        ["Bool"] = (wanted, given) => string.Equals(wanted, given, StringComparison.OrdinalIgnoreCase),
        ["NumericEquals"] = (wanted, given) => Numbers(wanted, given) is 0,
        ["NumericLessThan"] = (wanted, given) => Numbers(wanted, given) < 0,
        ["NumericLessThanEquals"] = (wanted, given) => Numbers(wanted, given) <= 0,
        ["NumericGreaterThan"] = (wanted, given) => Numbers(wanted, given) > 0,
        ["NumericGreaterThanEquals"] = (wanted, given) => Numbers(wanted, given) >= 0,
        ["DateEquals"] = (wanted, given) => Dates(wanted, given) is 0,
        ["DateLessThan"] = (wanted, given) => Dates(wanted, given) < 0,
        ["DateLessThanEquals"] = (wanted, given) => Dates(wanted, given) <= 0,
        ["DateGreaterThan"] = (wanted, given) => Dates(wanted, given) > 0,
        ["DateGreaterThanEquals"] = (wanted, given) => Dates(wanted, given) >= 0,
        ["IpAddress"] = IsIn,
    };

    /// <summary>Null when there is no operator of this name.</summary>
    public static Func<string, string, bool>? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The request's number against the policy's; null, which compares as false, when either is none.</summary>
    private static int? Numbers(string wanted, string given) =>
        decimal.TryParse(wanted, CultureInfo.InvariantCulture, out var policy) && decimal.TryParse(given, CultureInfo.InvariantCulture, out var request) ? request.CompareTo(policy) : null;

    private static int? Dates(string wanted, string given) => Date(wanted) is { } policy && Date(given) is { } request ? request.CompareTo(policy) : null;

    private static DateTimeOffset? Date(string text)
    {
        return long.TryParse(text, CultureInfo.InvariantCulture, out var epoch) && Math.Abs(epoch) < 100_000_000_000 ? DateTimeOffset.FromUnixTimeSeconds(epoch)
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date
            : null;
    }

    private static bool IsIn(string range, string given)
    {
        var network = IPNetwork.TryParse(range.Contains('/', StringComparison.Ordinal) ? range : $"{range}/{(range.Contains(':', StringComparison.Ordinal) ? 128 : 32)}", out var parsed) ? parsed : (IPNetwork?)null;
        return network is { } known && IPAddress.TryParse(given, out var address) && known.Contains(address);
    }
}
