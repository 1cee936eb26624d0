using System.Text.RegularExpressions;
using Sandbox.Wire;

namespace Sandbox.Logs;

/// <summary>The term patterns of CloudWatch Logs (user guide, filter pattern syntax): all plain terms, none with a minus, one of those with a question mark; quotes keep blanks.</summary>
public sealed partial class FilterPattern
{
    private readonly List<string> _all = [];
    private readonly List<string> _any = [];
    private readonly List<string> _none = [];

    public FilterPattern(string? text)
    {
        var pattern = text?.Trim() ?? "";
        if (pattern.StartsWith('{') || pattern.StartsWith('[') || pattern.StartsWith('%'))
        {
            throw new ApiException("InvalidParameterException", "Invalid filter pattern");
        }

        foreach (Match match in Term().Matches(pattern))
        {
            var list = match.Groups[1].Value switch { "?" => _any, "-" => _none, _ => _all };
            list.Add(match.Groups[2].Success ? match.Groups[2].Value : match.Groups[3].Value);
        }
    }

    public bool Fits(string message) =>
        _all.TrueForAll(term => message.Contains(term, StringComparison.Ordinal))
        && !_none.Exists(term => message.Contains(term, StringComparison.Ordinal))
        && (_any.Count == 0 || _any.Exists(term => message.Contains(term, StringComparison.Ordinal)));

    [GeneratedRegex("""([?-]?)(?:"([^"]*)"|(\S+))""")]
    private static partial Regex Term();
}
