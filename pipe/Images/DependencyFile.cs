using System.Text.Json.Nodes;
using EcsDeploy.Oci;

namespace EcsDeploy.Images;

/// <summary>What an app's <c>*.deps.json</c> tells of published files: which come from packages, which from the runtime, and what they were published for.</summary>
internal sealed class DependencyFile
{
    // Megabytes that Blazor's server package lays beside an app without saying so in its list.
    private const string DebugProxy = "BlazorDebugProxy/";

    private readonly Dictionary<string, LayerKind> _kinds = new(StringComparer.Ordinal);

    private DependencyFile()
    {
    }

    /// <summary>Null for a portable app.</summary>
    public string? RuntimeIdentifier { get; private set; }

    /// <summary>An app without the file, a single file for one, has neither packages nor a runtime to tell apart.</summary>
    public static DependencyFile Read(string folder)
    {
        var dependencies = new DependencyFile();
        foreach (var path in Directory.EnumerateFiles(folder, "*.deps.json").Order(StringComparer.Ordinal))
        {
            dependencies.Add(RawJson.ParseObject(File.ReadAllBytes(path), Path.GetFileName(path)));
        }

        return dependencies;
    }

    public LayerKind KindOf(string path) =>
        path.StartsWith("wwwroot/", StringComparison.Ordinal) ? LayerKind.Static
        : path.StartsWith(DebugProxy, StringComparison.Ordinal) ? LayerKind.Packages
        : _kinds.GetValueOrDefault(path, LayerKind.App);

    private void Add(JsonObject document)
    {
        var name = (document["runtimeTarget"] as JsonObject)?.Text("name") ?? "";
        RuntimeIdentifier ??= name.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 ? name[(slash + 1)..] : null;
        var own = new List<JsonObject>();
        foreach (var (library, assets) in Object(Object(document["targets"])[name]))
        {
            var kind = Object(Object(document["libraries"])[library]).Text("type") switch
            {
                "package" => LayerKind.Packages,
                "runtimepack" => LayerKind.Runtime,
                _ => LayerKind.App,
            };
            if (kind == LayerKind.App)
            {
                own.Add(Object(assets));
            }
            else
            {
                AddFiles(Object(assets), kind);
            }
        }

        AddStarters(own);
    }

    // The native program that starts an app (its apphost, half of a small app's layer) says nothing but the name of its assembly: it changes with the SDK only.
    private void AddStarters(IReadOnlyList<JsonObject> own)
    {
        if (_kinds.Count > 0)
        {
            var seldom = _kinds.ContainsValue(LayerKind.Runtime) ? LayerKind.Runtime : LayerKind.Packages;
            foreach (var (assembly, _) in own.SelectMany(assets => Object(assets["runtime"])))
            {
                _kinds.TryAdd(Path.GetFileNameWithoutExtension(assembly), seldom);
            }
        }
    }

    private void AddFiles(JsonObject assets, LayerKind kind)
    {
        foreach (var group in (string[])["runtime", "native", "resources", "runtimeTargets"])
        {
            foreach (var (asset, facts) in Object(assets[group]))
            {
                _kinds[PathOf(group, asset, Object(facts))] = kind;
            }
        }
    }

    // Publishing lays assets flat into the app's folder, but resources under their language and assets of other runtimes where the package has them.
    private static string PathOf(string group, string asset, JsonObject facts)
    {
        var file = asset[(asset.LastIndexOf('/') + 1)..];
        return facts.Text("localPath") ?? group switch
        {
            "runtimeTargets" => asset,
            "resources" when facts.Text("locale") is { } locale => $"{locale}/{file}",
            _ => file,
        };
    }

    private static JsonObject Object(JsonNode? node) => node as JsonObject ?? [];
}
