using System.Text.RegularExpressions;

namespace EcsDeploy.Images;

/// <summary>Entries of PUBLISH_ARGS: one argument each, or an option with its value behind a blank, as people write it.</summary>
internal static partial class PublishArgument
{
    private static readonly string[] Ours = ["-o", "--output", "-c", "--configuration"];

    private static readonly string[] Runtime = ["-r", "--runtime", "-a", "--arch", "--os"];

    /// <summary>"-f net10.0" is two arguments; what holds "=" or ":" before the blank is one, whatever its value holds.</summary>
    public static IReadOnlyList<string> Separated(string entry) => OptionAndValue().Match(entry) is { Success: true } match
        ? [match.Groups["option"].Value, match.Groups["value"].Value]
        : [entry];

    /// <summary>It chooses what the app runs on, as the pipe does by PLATFORMS.</summary>
    public static bool IsRuntime(string argument) => Runtime.Contains(argument.Split('=', ':')[0], StringComparer.Ordinal);

    /// <summary>What the pipe gives itself, in any way of writing it.</summary>
    public static bool IsOurs(string argument) => Ours.Contains(argument.Split('=', ':')[0], StringComparer.Ordinal);

    [GeneratedRegex(@"^(?<option>--?[A-Za-z-]+)\s+(?<value>\S.*)$", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex OptionAndValue();
}
