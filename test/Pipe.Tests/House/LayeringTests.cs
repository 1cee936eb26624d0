using System.Text.RegularExpressions;
using Xunit;

namespace Pipe.Tests.House;

/// <summary>Who may name whom: one direction of flow, from the story down to parsed values.</summary>
public sealed partial class LayeringTests
{
    private static readonly string[] Bottom = ["Settings", "Names", "Logging", "Time"];

    private static readonly Dictionary<string, string[]> MayName = new()
    {
        ["Deployment"] =
            ["Delivery", "Reporting", "Ecs", "Ecr", "Registry", "Images", "Docker", "Aws", "Oci", "Outcomes", "Processes", .. Bottom],
        ["Delivery"] = ["Images", "Docker", "Registry", "Ecr", "Oci", "Outcomes", .. Bottom],
        ["Reporting"] = ["Outcomes", .. Bottom],
        ["Ecs"] = ["Aws", "Outcomes", .. Bottom],
        ["Ecr"] = ["Aws", "Oci", "Outcomes", .. Bottom],
        ["Registry"] = ["Oci", .. Bottom],
        ["Images"] = ["Oci", "Processes", .. Bottom],
        ["Docker"] = ["Processes", .. Bottom],
        ["Aws"] = [.. Bottom],
        ["Oci"] = ["Names"],
        ["Outcomes"] = ["Names", "Oci"],
        ["Processes"] = ["Logging"],
        ["Settings"] = ["Names"],
        ["Names"] = [],
        ["Logging"] = [],
        ["Time"] = [],
    };

    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Amazon"] = ["Aws"],
        ["YamlDotNet"] = ["Settings", "Ecs"],
        ["ZstdSharp"] = ["Images"],
    };

    [Fact]
    public void Every_folder_of_the_pipe_has_its_place_in_the_table()
    {
        var folders = Directory.EnumerateDirectories(Path.Combine(SourceTree.Root, "pipe"))
            .Select(path => Path.GetFileName(path))
            .Where(name => name is not ("bin" or "obj"));

        Assert.Empty(folders.Except(MayName.Keys));
    }

    [Fact]
    public void A_folder_names_only_those_below_it()
    {
        var faults = Usings()
            .Where(use => use.Named.StartsWith("EcsDeploy.", StringComparison.Ordinal))
            .Where(use => MayName.ContainsKey(use.Folder))
            .Where(use => use.Named.Split('.')[1] is var named && named != use.Folder && !MayName[use.Folder].Contains(named))
            .Select(use => $"{use.File}: {use.Folder} may not name {use.Named}");

        Assert.Empty(faults);
    }

    [Fact]
    public void Packages_stop_at_the_folders_that_own_them()
    {
        var faults = Usings()
            .Where(use => MayUse.TryGetValue(use.Named.Split('.')[0], out var folders) && !folders.Contains(use.Folder))
            .Select(use => $"{use.File}: {use.Folder} may not use {use.Named}");

        Assert.Empty(faults);
    }

    [Fact]
    public void The_table_itself_has_one_direction()
    {
        var circles = MayName.SelectMany(entry => entry.Value.Where(named => MayName[named].Contains(entry.Key)).Select(named => $"{entry.Key} and {named}"));

        Assert.Empty(circles);
    }

    private static IEnumerable<(string File, string Folder, string Named)> Usings() =>
        from file in SourceTree.CSharpFiles("pipe")
        let parts = Path.GetRelativePath(Path.Combine(SourceTree.Root, "pipe"), file).Split(Path.DirectorySeparatorChar)
        where parts.Length > 1
        from line in File.ReadLines(file)
        let match = UsingLine().Match(line)
        where match.Success
        select (string.Join('/', parts), parts[0], match.Groups["name"].Value);

    [GeneratedRegex(@"^(global )?using (static )?(\w+ = )?(?<name>[A-Z][\w.]+);", RegexOptions.ExplicitCapture)]
    private static partial Regex UsingLine();
}
