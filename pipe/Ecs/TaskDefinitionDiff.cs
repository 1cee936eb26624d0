using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcsDeploy.Logging;

namespace EcsDeploy.Ecs;

/// <summary>
/// What differs between two task definitions, a line each, for people. Values of environment variables are never shown, nor what stands behind
/// names that sound like secrets; secrets show where their value comes from, which is no secret.
/// </summary>
internal static partial class TaskDefinitionDiff
{
    private const string Hidden = "***";

    private const int LongestValue = 300;

    public static IReadOnlyList<string> Of(JsonObject before, JsonObject after)
    {
        var (old, now) = (TaskDefinitionMeaning.Of(before), TaskDefinitionMeaning.Of(after));
        return [.. old.Keys.Union(now.Keys)
            .Where(path => old.GetValueOrDefault(path) != now.GetValueOrDefault(path) && !IsNameOfEntry(path))
            .Order(StringComparer.Ordinal)
            .Select(path => Line(path, old.GetValueOrDefault(path), now.GetValueOrDefault(path)))];
    }

    private static string Line(string path, string? before, string? after)
    {
        var name = Readable(path);
        if (IsMasked(path))
        {
            return before is null ? $"{name}: added ({Hidden})" : after is null ? $"{name}: removed" : $"{name}: changed ({Hidden})";
        }

        return before is null ? $"{name}: added {Show(after!)}"
            : after is null ? $"{name}: removed {Show(before)}"
            : $"{name}: {Show(before)} → {Show(after)}";
    }

    /// <summary>The key of a list's entry stands in its path already.</summary>
    private static bool IsNameOfEntry(string path) => EntryName().IsMatch(path);

    /// <summary>Environment values; options of a log driver and Docker's labels, into which any key may be written, but for those that are known to hold none.</summary>
    private static bool IsMasked(string path) =>
        path.EndsWith("].value", StringComparison.Ordinal)
        || SecretName().IsMatch(path[(path.LastIndexOf('.') + 1)..])
        || (AnyText().Match(path) is { Success: true } option && !PlainOption().IsMatch(option.Groups["name"].Value));

    /// <summary>A value on one line, with what follows names like "password=" hidden.</summary>
    private static string Show(string value) => SecretInAddress().Replace(SecretArgument().Replace(PlainText.Line(value, LongestValue), $"$1{Hidden}"), $"$1{Hidden}");

    /// <summary><c>containerDefinitions[web].environment[A].value</c> as <c>web: environment A</c>.</summary>
    private static string Readable(string path)
    {
        var entry = ContainerPath().Match(path);
        var rest = entry.Success ? path[entry.Length..] : path;
        rest = EntryValue().Replace(rest, " $1");
        return PlainText.Line(entry.Success ? $"{entry.Groups["name"].Value}: {rest}" : rest, LongestValue);
    }

    [GeneratedRegex(@"^containerDefinitions\[(?<name>[^\]]*)\]\.?")]
    private static partial Regex ContainerPath();

    [GeneratedRegex(@"\[([^\]]*)\](\.value(From)?)?$")]
    private static partial Regex EntryValue();

    [GeneratedRegex(@"(environment|secrets|containerDefinitions|properties)\[[^\]]*\]\.name$")]
    private static partial Regex EntryName();

    [GeneratedRegex(@"\.(logConfiguration\.options|firelensConfiguration\.options|dockerLabels)\.(?<name>.+)$")]
    private static partial Regex AnyText();

    [GeneratedRegex("^(awslogs-|mode$|max-buffer-size$|max-size$|max-file$|com\\.docker\\.|org\\.opencontainers\\.)")]
    private static partial Regex PlainOption();

    [GeneratedRegex("token|passw|secret(?!s)|(api|licen[sc]e|shared|access|private)[-_]?key|authorization|credential(?!s)|connectionstring", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex(
        @"((?:token|passw[a-z]*|pwd|secret|(?:api|licen[sc]e|shared|access|private)[-_]?key|credential|authorization)[a-z]*(?:\s*[=:]\s*|""\s*,\s*""|\s+)(?:(?:basic|bearer)\s+)?)[^""\s,]+",
        RegexOptions.IgnoreCase)]
    private static partial Regex SecretArgument();

    [GeneratedRegex(@"(://[^/\s:@""]*:)[^@\s""]+(?=@)")]
    private static partial Regex SecretInAddress();
}
