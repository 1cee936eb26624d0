using System.Text.Json.Nodes;
using Xunit;

namespace Sandbox.Tests.Facts;

/// <summary>Amazon's own models, where they lie beside the project: in SHARED_MODELS, or in ../shared/aws-models.</summary>
internal static class Models
{
    public static string? Folder { get; } = Find();

    public static JsonObject Read(string service)
    {
        Assert.SkipWhen(Folder is null, "Amazon's API models do not lie beside the project (../shared/aws-models or SHARED_MODELS).");
        return JsonNode.Parse(File.ReadAllText(Path.Combine(Folder!, $"{service}.service-2.json")))!.AsObject();
    }

    /// <summary>The folder of the solution, above the place that the tests run in.</summary>
    public static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "dotnet-ecs-deploy.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside the project.");
        }

        return folder;
    }

    private static string? Find()
    {
        var folder = Environment.GetEnvironmentVariable("SHARED_MODELS") is { Length: > 0 } given
            ? given
            : Path.Combine(Root(), "..", "shared", "aws-models");
        return Directory.Exists(folder) ? Path.GetFullPath(folder) : null;
    }
}
