using System.Text.Json.Nodes;
using EcsDeploy.Names;

namespace EcsDeploy.Oci;

/// <summary>How a container of the image starts, and the layers it is made of (OCI image spec, config.md); unknown fields of a base survive.</summary>
internal sealed class ImageConfiguration
{
    private const string Author = "dotnet-ecs-deploy";
    private const string UserField = "User";

    private readonly JsonObject _document;

    private ImageConfiguration(JsonObject document) => _document = document;

    public string? Architecture => _document.Text("architecture");

    public string? OperatingSystem => _document.Text("os");

    /// <summary>The platform as it is written, be it one known here or not.</summary>
    public string RunsOn => $"{OperatingSystem}/{Architecture}";

    /// <summary>Null when the image is for something else than the platforms known here.</summary>
    public Platform? Platform => Platform.TryParse(RunsOn, out var platform) ? platform : null;

    public string? User => Container.Text(UserField);

    public string? WorkingDirectory => Container.Text("WorkingDir");

    public IReadOnlyList<string> EntryPoint => Container.Texts("Entrypoint");

    public IReadOnlyList<string> Command => Container.Texts("Cmd");

    /// <summary><c>NAME=value</c>, in order.</summary>
    public IReadOnlyList<string> Environment => Container.Texts("Env");

    public IReadOnlyList<string> Ports => [.. (Container["ExposedPorts"] as JsonObject ?? []).Select(port => port.Key)];

    public IReadOnlyDictionary<string, string> Labels => Container.TextMap("Labels");

    /// <summary>The layers' digests before compression, lowest first.</summary>
    public IReadOnlyList<Digest> DiffIds => [.. ((_document["rootfs"] as JsonObject) ?? []).Texts("diff_ids").Select(Digest.Parse)];

    private JsonObject Container => _document["config"] as JsonObject ?? [];

    public static ImageConfiguration Parse(ReadOnlySpan<byte> bytes)
    {
        var document = RawJson.ParseObject(bytes, "image configuration");
        if (document["rootfs"] is not JsonObject rootfs || rootfs["diff_ids"] is not JsonArray || !rootfs.Texts("diff_ids").All(id => Digest.TryParse(id, out _)))
        {
            throw new DocumentException("The image configuration does not list its layers (rootfs.diff_ids).");
        }

        return new ImageConfiguration(document);
    }

    public byte[] ToBytes() => RawJson.ToBytes(_document);

    /// <summary>The value of a variable that the image sets; null when it does not.</summary>
    public string? Variable(string name) =>
        Environment.LastOrDefault(entry => entry.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    public ImageConfiguration With(ConfigurationChanges changes)
    {
        var document = (JsonObject)_document.DeepClone();
        var container = document["config"] as JsonObject;
        if (container is null)
        {
            document["config"] = container = [];
        }

        SetList(container, "Entrypoint", changes.EntryPoint);
        SetList(container, "Cmd", changes.Command);
        container["WorkingDir"] = changes.WorkingDirectory;
        if (changes.User is { } user)
        {
            container[UserField] = user;
        }

        SetList(container, "Env", Merge(Environment, changes.Environment));
        SetMap(container, "ExposedPorts", changes.Ports.Select(port => KeyValuePair.Create(port, (JsonNode)new JsonObject())));
        SetMap(container, "Labels", changes.Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode)JsonValue.Create(label.Value))));
        AddLayers(document, changes.Layers);
        return new ImageConfiguration(document);
    }

    private static void SetList(JsonObject container, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count > 0)
        {
            container[name] = RawJson.ArrayOf(texts);
        }
        else
        {
            container.Remove(name);
        }
    }

    // A port or label that the base has keeps its place; new ones follow by name, so that no order of items shows.
    private static void SetMap(JsonObject container, string name, IEnumerable<KeyValuePair<string, JsonNode>> pairs)
    {
        foreach (var (key, value) in pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (container[name] is not JsonObject map)
            {
                container[name] = map = [];
            }

            map[key] = value;
        }
    }

    private static List<string> Merge(IReadOnlyList<string> environment, IReadOnlyList<KeyValuePair<string, string>> changes)
    {
        var merged = environment.ToList();
        foreach (var (name, value) in changes)
        {
            var place = merged.FindIndex(entry => entry.StartsWith(name + "=", StringComparison.Ordinal));
            if (place < 0)
            {
                merged.Add($"{name}={value}");
            }
            else
            {
                merged[place] = $"{name}={value}";
            }
        }

        return merged;
    }

    private static void AddLayers(JsonObject document, IReadOnlyList<(Digest DiffId, string History)> layers)
    {
        var diffIds = (JsonArray)document["rootfs"]!["diff_ids"]!;
        if (document["history"] is not JsonArray history)
        {
            document["history"] = history = [];
        }

        // Some registries insist on one entry per layer, so a base that lacks some gets them.
        for (var missing = diffIds.Count - history.Count(entry => !IsEmptyLayer(entry)); missing > 0; missing--)
        {
            history.Add((JsonNode)new JsonObject { ["created_by"] = "base image" });
        }

        foreach (var (diffId, line) in layers)
        {
            diffIds.Add((JsonNode)JsonValue.Create(diffId.Text));
            history.Add((JsonNode)new JsonObject { ["author"] = Author, ["created_by"] = line });
        }
    }

    private static bool IsEmptyLayer(JsonNode? entry) =>
        entry is JsonObject json && json["empty_layer"] is JsonValue value && value.TryGetValue<bool>(out var empty) && empty;
}
