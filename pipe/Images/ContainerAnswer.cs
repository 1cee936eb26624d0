using System.Text.Json.Nodes;
using EcsDeploy.Oci;

namespace EcsDeploy.Images;

/// <summary>Reads what MSBuild answered to <see cref="ContainerQuery"/>.</summary>
internal static class ContainerAnswer
{
    // They tell when and from which commit an image was built: with them, no change would be a new digest.
    private static readonly string[] VaryingLabels =
    [
        "org.opencontainers.image.created", "org.opencontainers.artifact.created", "org.opencontainers.image.revision",
    ];

    /// <summary>
    /// Null when the project says nothing of a container: it is a library. Where it lists several runtimes and none was chosen, the runtime is empty and so is
    /// what would start, which then the folder tells.
    /// </summary>
    public static ContainerFacts? Read(byte[] answer, bool reproducible)
    {
        var document = RawJson.ParseObject(answer, "answer of MSBuild about the container");
        if (document["Properties"] is not JsonObject properties || document["Items"] is not JsonObject items)
        {
            throw new BuildException("MSBuild's answer about the container has neither properties nor items. Publish with the line that the README gives.");
        }

        if (Value(properties, "ContainerBaseImage") is not { } baseImage)
        {
            return null;
        }

        var workingDirectory = Value(properties, "ContainerWorkingDirectory") ?? ContainerFacts.StandardDirectory;
        if (workingDirectory[0] != '/' && !workingDirectory.Contains(':', StringComparison.Ordinal))
        {
            throw new BuildException($"The project's ContainerWorkingDirectory is '{workingDirectory}'. It must begin with '/': no engine starts a container in a relative folder.");
        }

        var labelled = !IsFalse(properties, "ContainerGenerateLabels");
        return new ContainerFacts
        {
            BaseImage = baseImage,
            RuntimeIdentifier = Value(properties, "ContainerRuntimeIdentifier") ?? "",
            WorkingDirectory = workingDirectory,
            User = Value(properties, "ContainerUser"),
            ImageFormat = Value(properties, "ContainerImageFormat"),
            Start = StartOf(properties, items),
            Environment = [.. Pairs(items, "ContainerEnvironmentVariables", "Value")],
            Ports = [.. Pairs(items, "ContainerPort", "Type").Select(PortOf)],
            Labels = labelled
                ? [.. Pairs(items, "ContainerLabel", "Value").Where(label => !reproducible || !VaryingLabels.Contains(label.Key, StringComparer.Ordinal))]
                : [],
            LabelsBaseDigest = labelled && !IsFalse(properties, "ContainerGenerateLabelsImageBaseDigest"),
        };
    }

    private static StartCommand StartOf(JsonObject properties, JsonObject items) => new()
    {
        Instruction = Value(properties, "ContainerAppCommandInstruction") ?? "",
        AppCommand = Names(items, "ContainerAppCommand"),
        AppCommandArguments = Names(items, "ContainerAppCommandArgs"),
        EntryPoint = Names(items, "ContainerEntrypoint"),
        EntryPointArguments = Names(items, "ContainerEntrypointArgs"),
        DefaultArguments = Names(items, "ContainerDefaultArgs"),
    };

    private static string PortOf(KeyValuePair<string, string> port)
    {
        var (number, type) = port.Value.Length > 0 || !port.Key.Contains('/', StringComparison.Ordinal)
            ? (port.Key, port.Value.Length > 0 ? port.Value : "tcp")
            : (port.Key[..port.Key.IndexOf('/', StringComparison.Ordinal)], port.Key[(port.Key.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        return ushort.TryParse(number, out var parsed) && type is "tcp" or "udp"
            ? $"{parsed}/{type}"
            : throw new BuildException($"The project's ContainerPort '{number}' of type '{type}' is no port: a number up to 65535, Type tcp or udp.");
    }

    private static string? Value(JsonObject properties, string name) => properties.Text(name) is { Length: > 0 } text ? text : null;

    private static bool IsFalse(JsonObject properties, string name) =>
        string.Equals(Value(properties, name), "false", StringComparison.OrdinalIgnoreCase);

    private static List<string> Names(JsonObject items, string name) => [.. Pairs(items, name, "").Select(pair => pair.Key)];

    private static IEnumerable<KeyValuePair<string, string>> Pairs(JsonObject items, string name, string metadata) =>
        (items[name] as JsonArray)?.OfType<JsonObject>()
            .Select(item => KeyValuePair.Create(item.Text("Identity") ?? "", item.Text(metadata) ?? ""))
            .Where(pair => pair.Key.Length > 0) ?? [];
}
