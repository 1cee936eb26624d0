using System.Text;
using System.Text.Json.Nodes;
using EcsDeploy.Names;
using EcsDeploy.Oci;

namespace EcsDeploy.Images;

/// <summary>For which of a project's runtimes it is published: glibc's, unless the project knows only musl's.</summary>
internal static class RuntimeChoice
{
    private const string Musl = "linux-musl-";

    /// <summary>What MSBuild is asked for; the earlier says more.</summary>
    public static readonly string[] Properties = ["RuntimeIdentifier", "ContainerRuntimeIdentifiers", "RuntimeIdentifiers"];

    /// <param name="answer">What MSBuild wrote; a project that cannot be evaluated fails when it is published, and says why then.</param>
    /// <param name="platform">What the image runs on.</param>
    public static string Of(string answer, Platform platform)
    {
        var glibc = platform.RuntimeIdentifier;
        var musl = Musl + glibc[(glibc.LastIndexOf('-') + 1)..];
        var listed = Listed(answer);
        var known = listed.Where(runtime => runtime == glibc || runtime == musl).ToList() is { Count: > 0 } exact ? exact : listed;
        return known.Count > 0 && known.All(runtime => runtime.StartsWith(Musl, StringComparison.Ordinal)) ? musl : glibc;
    }

    /// <summary>The runtimes of Linux in the first of the properties that names any.</summary>
    private static List<string> Listed(string answer)
    {
        try
        {
            var document = RawJson.ParseObject(Encoding.UTF8.GetBytes(answer[Math.Max(0, answer.IndexOf('{', StringComparison.Ordinal))..]), "answer of MSBuild about the runtimes");
            return Properties.Select(name => Linux((document["Properties"] as JsonObject)?.Text(name))).FirstOrDefault(list => list.Count > 0) ?? [];
        }
        catch (DocumentException)
        {
            return [];
        }
    }

    private static List<string> Linux(string? list) =>
        [.. (list ?? "").Split(';', StringSplitOptions.TrimEntries).Where(runtime => runtime.StartsWith("linux-", StringComparison.Ordinal))];
}
