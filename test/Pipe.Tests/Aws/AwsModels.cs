using System.Text.Json.Nodes;

namespace Pipe.Tests.Aws;

/// <summary>Amazon's API models where they lie beside the project; a stranger's clone has none.</summary>
internal static class AwsModels
{
    public static string? Folder()
    {
        if (Environment.GetEnvironmentVariable("SHARED_MODELS") is { Length: > 0 } named)
        {
            return named;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var beside = Path.Combine(folder.FullName, "shared", "aws-models");
            if (Directory.Exists(beside))
            {
                return beside;
            }
        }

        return null;
    }

    public static IEnumerable<(string Name, string DnsSuffix, IEnumerable<string> Regions)> Partitions(string models) =>
        from partition in JsonNode.Parse(File.ReadAllText(Path.Combine(models, "partitions.json")))!["partitions"]!.AsArray()
        select ((string)partition["partition"]!, (string)partition["dnsSuffix"]!, partition["regions"]!.AsArray().Select(region => (string)region!));
}
