using System.Text.RegularExpressions;

namespace EcsDeploy.Images;

/// <summary>Finds what hangs a target on the SDK's own container publish, which the pipe does in its stead: such a target is never run.</summary>
internal static partial class UnrunHooks
{
    private static readonly string[] Shared = ["Directory.Build.targets", "Directory.Build.props"];

    /// <summary>Paths within the clone of the project's own files that do so; what they import is not followed.</summary>
    public static IEnumerable<string> In(string cloneDirectory, string project) => Files(Path.GetFullPath(cloneDirectory), project)
        .Where(file => Hook().IsMatch(File.ReadAllText(file)))
        .Select(file => Path.GetRelativePath(cloneDirectory, file));

    private static IEnumerable<string> Files(string clone, string project)
    {
        yield return project;
        foreach (var name in Shared)
        {
            // The nearest one counts; MSBuild looks no further either.
            for (var folder = Path.GetDirectoryName(project); folder is not null && (folder + "/").StartsWith(clone + "/", StringComparison.Ordinal); folder = Path.GetDirectoryName(folder))
            {
                if (File.Exists(Path.Combine(folder, name)))
                {
                    yield return Path.Combine(folder, name);
                    break;
                }
            }
        }
    }

    [GeneratedRegex("""(Before|After)Targets\s*=\s*["'][^"']*\bPublishContainer\b""", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Hook();
}
