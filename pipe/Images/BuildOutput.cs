using System.Text.RegularExpressions;

namespace EcsDeploy.Images;

/// <summary>Reads MSBuild's lines: errors and warnings once each, with paths as the team knows them; the hook's line that tells the base image.</summary>
internal sealed partial class BuildOutput(string cloneDirectory)
{
    private const int ErrorLimit = 50;

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<string> _errors = [];

    public IReadOnlyList<string> Errors => _errors;

    public int Warnings { get; private set; }

    /// <summary>How many errors there are beyond <see cref="Errors"/>.</summary>
    public int MoreErrors { get; private set; }

    /// <summary>The base image as the hook told it; null until then.</summary>
    public string? BaseImage { get; private set; }

    /// <summary>What the project sets and the pipe does not read, as the hook told it; empty until then.</summary>
    public IReadOnlyList<string> Unread { get; private set; } = [];

    public void Read(string line)
    {
        var text = Placed(line.Trim());
        if (text.StartsWith(PublishHook.UnreadMarker, StringComparison.Ordinal))
        {
            Unread = text[PublishHook.UnreadMarker.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }

        if (text.StartsWith(PublishHook.Marker, StringComparison.Ordinal))
        {
            BaseImage = text[PublishHook.Marker.Length..];
        }

        var match = Diagnostic().Match(text);
        if (!match.Success || !_seen.Add(match.Groups["said"].Value))
        {
            return;
        }

        if (match.Groups["level"].Value == "warning")
        {
            Warnings++;
        }
        else if (_errors.Count < ErrorLimit)
        {
            _errors.Add(Readable(match));
        }
        else
        {
            MoreErrors++;
        }
    }

    // The compilers know their project's folder by a name that is the same for every project.
    private static string Placed(string text) =>
        text.StartsWith(PublishHook.ProjectFolder, StringComparison.Ordinal)
        && Diagnostic().Match(text).Groups["project"].Value is { } project && Path.IsPathRooted(project)
            ? $"{Path.GetDirectoryName(project)}/{text[PublishHook.ProjectFolder.Length..]}"
            : text;

    private string Readable(Match match)
    {
        var origin = match.Groups["origin"].Value;
        var place = Path.IsPathRooted(origin) && origin.StartsWith(cloneDirectory.TrimEnd('/') + "/", StringComparison.Ordinal)
            ? Path.GetRelativePath(cloneDirectory, origin)
            : origin;
        var said = $"{match.Groups["level"].Value} {match.Groups["code"].Value}: {match.Groups["text"].Value}";
        return place is "" or "MSBUILD" or "CSC" ? said : $"{place}{match.Groups["position"].Value}: {said}";
    }

    // MSBuild's canonical form: origin(line,column): category error CODE: text [project]. NuGet ends texts with brackets of its own ("[ Nearest version: 4.4.0 ]"), so a project is a path.
    [GeneratedRegex(
        @"^(?<said>((?<origin>[^:(]*?)(?<position>\([\d,-]+\))? ?: )?(?<level>error|warning) ?(?<code>[A-Z]+\d+)? ?: (?<text>.*?))( \[(?<project>/[^\]]*|[^\]]*\.\w*proj(::[^\]]*)?)\])?$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Diagnostic();
}
