using System.Text.RegularExpressions;

namespace EcsDeploy.Images;

/// <summary>Finds the project to publish: the one that PROJECT names, else the only web project of the clone.</summary>
internal static partial class ProjectFinder
{
    private static readonly string[] Extensions = [".csproj", ".fsproj", ".vbproj"];

    private static readonly string[] SkippedFolders = ["bin", "obj", "node_modules", "artifacts"];

    private static readonly EnumerationOptions Plain = new() { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };

    /// <summary>The full path of a project file.</summary>
    public static string Find(string cloneDirectory, string? project) =>
        project is null ? FindWebProject(cloneDirectory) : Resolve(Path.GetFullPath(cloneDirectory), Path.GetFullPath(project, cloneDirectory), project);

    private static string Resolve(string clone, string path, string project)
    {
        if (Path.GetRelativePath(clone, path) is var way && (way == ".." || way.StartsWith("../", StringComparison.Ordinal)))
        {
            throw BuildException.OfSettings($"PROJECT is '{project}': it lies outside the clone, {clone}. It must be a project or a folder in it.");
        }

        if (Directory.Exists(path))
        {
            return ProjectsIn(path).ToList() switch
            {
                [var only] => only,
                [] => throw BuildException.OfSettings($"PROJECT is '{project}': that folder holds no project file ({string.Join(", ", Extensions)})."),
                var several => throw BuildException.OfSettings($"PROJECT is '{project}': that folder holds {Names(path, several)}. Name one of them."),
            };
        }

        if (!File.Exists(path))
        {
            throw BuildException.OfSettings($"PROJECT is '{project}': there is neither a file nor a folder of that name in the clone.");
        }

        return IsProject(path)
            ? path
            : throw BuildException.OfSettings($"PROJECT is '{project}': it must be a project ({string.Join(", ", Extensions)}) or its folder; an image is made from one project.");
    }

    private static string FindWebProject(string cloneDirectory)
    {
        var projects = Walk(cloneDirectory).Order(StringComparer.Ordinal).ToList();
        return projects.Where(IsWebApp).ToList() switch
        {
            [var only] => only,
            [] when projects.Count == 0 => throw BuildException.OfSettings("There is no .NET project in the clone. Set PROJECT, or give the image another way (PUBLISH_DIR, DOCKERFILE, IMAGE_NAME)."),
            [] => throw BuildException.OfSettings($"None of the clone's projects is a web project. Set PROJECT to the one to deploy: {Names(cloneDirectory, projects)}."),
            var several => throw BuildException.OfSettings($"The clone has {several.Count} web projects. Set PROJECT to the one to deploy: {Names(cloneDirectory, several)}."),
        };
    }

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var project in ProjectsIn(folder))
        {
            yield return project;
        }

        foreach (var child in Directory.EnumerateDirectories(folder, "*", Plain))
        {
            var name = Path.GetFileName(child);
            if (name.StartsWith('.') || SkippedFolders.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            foreach (var project in Walk(child))
            {
                yield return project;
            }
        }
    }

    private static IEnumerable<string> ProjectsIn(string folder) => Directory.EnumerateFiles(folder, "*.*proj", Plain).Where(IsProject).Order(StringComparer.Ordinal);

    private static bool IsProject(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    // Test projects of web apps often use the web SDK too.
    private static bool IsWebApp(string path)
    {
        var text = File.ReadAllText(path);
        return WebSdk().IsMatch(text) && !TestProject().IsMatch(text);
    }

    private static string Names(string folder, IEnumerable<string> projects) =>
        string.Join(", ", projects.Select(project => Path.GetRelativePath(folder, project)));

    [GeneratedRegex("""Sdk\s*(Name)?\s*=\s*["']Microsoft\.NET\.Sdk\.Web["'/;]""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex WebSdk();

    [GeneratedRegex("""Microsoft\.NET\.Test\.Sdk|<IsTestProject>\s*true|Include=["'](xunit|nunit|mstest)""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex TestProject();
}
