using System.Globalization;
using System.Text.Json.Nodes;
using Sandbox.Ecs.Engine;

namespace Sandbox.Ecs.Apps;

/// <summary>How an unpacked image's app is started on this machine: its command with the machine's .NET, its environment, its port.</summary>
public sealed record AppCommand(string Program, IReadOnlyList<string> Arguments, string WorkingFolder, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>They say where to listen, and here that is a free port of the loopback.</summary>
    private static readonly string[] PortSettings =
    [
        "ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "DOTNET_URLS", "DOTNET_HTTP_PORTS", "DOTNET_HTTPS_PORTS", "URLS", "HTTP_PORTS", "HTTPS_PORTS",
    ];

    /// <summary>The app listens on <paramref name="port"/>; null when it has none.</summary>
    public static AppCommand Of(ContainerStart start, RootFolder root, Machine machine, int? port)
    {
        var configuration = start.Image?.Configuration["config"] as JsonObject ?? [];
        // ContainerDefinition: command overrides CMD, entryPoint overrides ENTRYPOINT and with it CMD, as Docker has it.
        var entryPoint = Texts(ContainerSettings.Member(start.Task, start.Container, "entryPoint"));
        var command = Texts(ContainerSettings.Member(start.Task, start.Container, "command"));
        var parts = entryPoint ?? Texts(configuration["Entrypoint"]) ?? [];
        var arguments = command ?? (entryPoint is null ? Texts(configuration["Cmd"]) : null) ?? [];
        var whole = parts.Concat(arguments).ToList();
        if (whole.Count == 0)
        {
            throw new InvalidDataException("no command specified");
        }

        var folder = (string?)start.Container.Definition["workingDirectory"] ?? (string?)configuration["WorkingDir"] ?? "/";
        var (program, rest) = Locate(whole, root, folder, machine.Dotnet);
        return new AppCommand(program, rest, Directory.CreateDirectory(root.Resolve(folder)).FullName, EnvironmentOf(start, configuration, machine, port));
    }

    private static (string Program, IReadOnlyList<string> Arguments) Locate(List<string> whole, RootFolder root, string folder, string dotnet)
    {
        string[] arguments = [.. whole.Skip(1).Select(argument => InRoot(root, argument))];
        if (Path.GetFileName(whole[0]) == "dotnet")
        {
            return (dotnet, arguments);
        }

        var place = root.Resolve(whole[0].StartsWith('/') ? whole[0] : Path.Combine(folder, whole[0]));
        // The app host looks for the container's .NET; the machine's starts the assembly beside it.
        return File.Exists($"{place}.dll") ? (dotnet, [$"{place}.dll", .. arguments])
            : File.Exists(place) ? (place, arguments)
            : throw new FileNotFoundException($"exec: \"{whole[0]}\": executable file not found in $PATH");
    }

    private static string InRoot(RootFolder root, string argument)
    {
        if (!argument.StartsWith('/'))
        {
            return argument;
        }

        var place = root.Resolve(argument);
        return File.Exists(place) || Directory.Exists(place) ? place : argument;
    }

    private static SortedDictionary<string, string> EnvironmentOf(ContainerStart start, JsonObject configuration, Machine machine, int? port)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Texts(configuration["Env"]) ?? [])
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            values[line[..Math.Max(0, equals)]] = line[(equals + 1)..];
        }

        foreach (var (name, value) in ContainerSettings.Environment(start.Task, start.Container))
        {
            values[name] = value;
        }

        foreach (var secret in (start.Container.Definition["secrets"] as JsonArray ?? []).OfType<JsonObject>())
        {
            values[(string?)secret["name"] ?? ""] = $"value of {(string?)secret["valueFrom"]}";
        }

        if (port is { } number)
        {
            Array.ForEach(PortSettings, name => values.Remove(name));
            values["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{number}");
        }

        values.Remove("");
        values["DOTNET_ROOT"] = Path.GetDirectoryName(machine.Dotnet) ?? "/";
        values["HOME"] = values["TMPDIR"] = machine.Temporary;
        return values;
    }

    private static List<string>? Texts(JsonNode? node) => node is JsonArray { Count: > 0 } array ? [.. array.Select(item => (string?)item ?? "")] : null;
}
