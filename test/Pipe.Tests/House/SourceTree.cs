namespace Pipe.Tests.House;

/// <summary>The sources of this checkout, found from where the tests run.</summary>
internal static class SourceTree
{
    /// <summary>The folder that holds the solution. Not by [CallerFilePath]: a deterministic build rewrites it.</summary>
    public static string Root { get; } = FindRoot();

    public static IEnumerable<string> CSharpFiles(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !IsOutput(Path.GetRelativePath(Root, file)))
            .Order(StringComparer.Ordinal);

    private static bool IsOutput(string path) =>
        path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "artifacts");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "dotnet-ecs-deploy.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside a checkout.");
    }
}
