using System.Text.Json.Nodes;
using EcsDeploy.Names;
using EcsDeploy.Oci;

namespace EcsDeploy.Images;

/// <summary>What the container of a published folder should be when nothing beside the folder says it: read from its runtimeconfig.json.</summary>
internal sealed record AssumedFacts(string Name, bool SelfContained, string? Framework, string? Version)
{
    private const string ConfigSuffix = ".runtimeconfig.json";
    // The runtime's own program for memory dumps may lie beside the app's.
    private const string CrashReporter = "createdump";

    /// <summary>The one app of the folder; null when there is nothing to start.</summary>
    public static AssumedFacts? Of(string folder)
    {
        var apps = Directory.EnumerateFiles(folder, "*" + ConfigSuffix)
            .Where(path => File.Exists(path[..^ConfigSuffix.Length] + ".dll"))
            .Order(StringComparer.Ordinal).ToList();
        return apps switch
        {
            [] => SingleFile(folder),
            [var only] => Read(only),
            _ => throw new BuildException(
                $"The published folder {folder} holds several apps: {string.Join(", ", apps.Select(Path.GetFileName))}. Publish each into a folder of its own."),
        };
    }

    public ContainerFacts ToFacts(string? baseImage, DependencyFile dependencies, Platform platform)
    {
        var identifier = dependencies.RuntimeIdentifier ?? platform.RuntimeIdentifier;
        var image = baseImage ?? InferBase(identifier);
        return new ContainerFacts
        {
            BaseImage = image,
            RuntimeIdentifier = identifier,
            WorkingDirectory = ContainerFacts.StandardDirectory,
            Start = new StartCommand { AppCommand = CommandIn(ContainerFacts.StandardDirectory) },
            Labels = [new("org.opencontainers.image.base.name", image)],
        };
    }

    /// <summary>As the SDK writes it (its target _ComputeContainerExecutionArgs).</summary>
    /// <param name="folder">Where the app lies, with a slash at its end.</param>
    public IReadOnlyList<string> CommandIn(string folder) => SelfContained ? [folder + Name] : ["dotnet", $"{folder}{Name}.dll"];

    private string InferBase(string identifier)
    {
        if (Version is null)
        {
            throw new BuildException($"Nothing in the published folder says which .NET the single file {Name} needs. Set BASE_IMAGE, or publish with the line that the README gives.");
        }

        var family = SelfContained ? "runtime-deps" : Framework == "Microsoft.AspNetCore.App" ? "aspnet" : "runtime";
        return $"mcr.microsoft.com/dotnet/{family}:{Version}{(identifier.Contains("musl", StringComparison.Ordinal) ? "-alpine" : "")}";
    }

    private static AssumedFacts Read(string path)
    {
        var options = RawJson.ParseObject(File.ReadAllBytes(path), Path.GetFileName(path))["runtimeOptions"] as JsonObject ?? [];
        var included = Frameworks(options, "includedFrameworks");
        var frameworks = included.Count > 0 ? included : [.. Frameworks(options, "frameworks"), .. options["framework"] is JsonObject one ? [one] : Array.Empty<JsonObject>()];
        var framework = frameworks.Select(json => json.Text("name")).OfType<string>().Order(StringComparer.Ordinal).FirstOrDefault();
        var version = options.Text("tfm") is { } moniker && moniker.StartsWith("net", StringComparison.Ordinal) ? moniker[3..] : null;
        return new AssumedFacts(Path.GetFileName(path)[..^ConfigSuffix.Length], included.Count > 0, framework, version);
    }

    private static List<JsonObject> Frameworks(JsonObject options, string name) => [.. (options[name] as JsonArray)?.OfType<JsonObject>() ?? []];

    private static AssumedFacts? SingleFile(string folder)
    {
        var programs = Directory.EnumerateFiles(folder).Where(path => ElfFile.IsProgram(path) && Path.GetFileName(path) != CrashReporter).Order(StringComparer.Ordinal).ToList();
        programs.ForEach(AppHost.Check);
        return programs switch
        {
            [] => null,
            [var only] => new AssumedFacts(Path.GetFileName(only), SelfContained: true, Framework: null, Version: null),
            _ => throw new BuildException($"The published folder {folder} holds several programs: {string.Join(", ", programs.Select(Path.GetFileName))}. Publish each into a folder of its own."),
        };
    }
}
