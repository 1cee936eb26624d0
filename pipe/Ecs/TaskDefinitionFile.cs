using System.Text.Json;
using System.Text.Json.Nodes;
using EcsDeploy.Logging;
using YamlDotNet.Core;

namespace EcsDeploy.Ecs;

/// <summary>Reads a task definition from a JSON or YAML file, as RegisterTaskDefinition takes it or as DescribeTaskDefinition answers it.</summary>
internal static class TaskDefinitionFile
{
    /// <summary>The text of a file of the clone.</summary>
    /// <exception cref="EcsSettingsException">It is not there, cannot be read, or lies elsewhere.</exception>
    public static string Read(string clone, string path)
    {
        var (root, whole) = (Path.GetFullPath(clone), Path.GetFullPath(path, Path.GetFullPath(clone)));
        if (!whole.StartsWith(root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw Unreadable(path, root, "it lies outside the clone.", null);
        }

        if (Directory.Exists(whole))
        {
            throw Unreadable(path, root, "it is a folder.", null);
        }

        try
        {
            return File.ReadAllText(whole);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, root, fault is FileNotFoundException or DirectoryNotFoundException ? "there is no such file." : PlainText.Line(fault.Message, 300), fault);
        }
    }

    /// <summary>The name tells JSON from YAML, and stands in messages.</summary>
    public static TaskDefinition Parse(string name, string text)
    {
        JsonNode? node;
        try
        {
            node = name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
                ? JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })
                : TaskDefinitionYaml.Parse(text);

            // Members are looked up only now, and only now does JSON say that one stands there twice.
            TaskDefinitionTexts.Apply(node);
        }
        catch (Exception fault) when (fault is JsonException or YamlException or InvalidOperationException or ArgumentException)
        {
            throw new EcsSettingsException($"Cannot read the task definition in {name}: {PlainText.Line(fault.Message, 300)}", fault);
        }

        if (node is not JsonObject json)
        {
            throw new EcsSettingsException($"The task definition in {name} is not an object with members such as family and containerDefinitions.");
        }

        var definition = json.Member("taskDefinition") is { } inner ? inner : json;
        Check(name, definition);
        return new TaskDefinition((JsonObject)definition.DeepClone(), TaskDefinition.ReadTags(json));
    }

    private static EcsSettingsException Unreadable(string path, string clone, string why, Exception? inner) => new(
        $"TASK_DEFINITION is '{PlainText.Line(path, 300)}', which cannot be read in {clone}: {why} It must be the path of a JSON or YAML file in the clone. Nothing was changed.", inner);

    private static void Check(string name, JsonObject definition)
    {
        var containers = definition.Members("containerDefinitions").ToList();
        if (definition.Text("family") is not { Length: > 0 })
        {
            throw new EcsSettingsException($"The task definition in {name} has no family.");
        }

        if (containers.Count == 0 || containers.Any(container => container.Text("name") is not { Length: > 0 }))
        {
            throw new EcsSettingsException($"The task definition in {name} needs containerDefinitions, each with a name.");
        }
    }
}
