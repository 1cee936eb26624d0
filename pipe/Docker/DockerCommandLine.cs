using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcsDeploy.Names;
using EcsDeploy.Processes;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Docker;

/// <summary>
/// Drives Docker by its command line: Bitbucket's authorization plugin refuses what other clients send. Logins are kept in a configuration folder of
/// this run alone.
/// </summary>
internal sealed class DockerCommandLine(ProcessRunner processes, DockerSite site, ILogger log)
{
    private const string Instead =
        "or let the pipe build the image itself, from PROJECT or PUBLISH_DIR, which needs no Docker.";

    private const string NoProgram =
        "There is no docker command line in this container: neither the step's, which Bitbucket mounts at /usr/local/bin/docker, nor the pipe's, which only its full image has. "
        + "Take the pipe's version without -deploy, or build in an earlier command of the step and hand over what docker save wrote by IMAGE_ARCHIVE; " + Instead;

    private const string NoEngine =
        "No Docker answers in this step{0}. Add it to the step in bitbucket-pipelines.yml:\n\n    services:\n      - docker\n\n" + Instead;

    /// <summary>The step's own command line where it answers, since it fits its engine (another one may ask for what Bitbucket refuses); else the pipe's.</summary>
    public async Task<DockerEngine> FindAsync(CancellationToken token)
    {
        string? complaint = null;
        foreach (var program in (string[])["docker", site.OwnProgram])
        {
            if (await AskAsync(program, token) is not { } lines)
            {
                continue;
            }

            if (DockerEngine.Parse(program, lines) is { } engine)
            {
                var buildx = await OutputAsync(program, ["buildx", "version"], token) is not null;
                log.Debug("Docker {Client} ({Program}) with engine {Server}, buildx: {Buildx}.", engine.ClientVersion, program, engine.ServerVersion, buildx);
                return engine with { HasBuildx = buildx };
            }

            complaint ??= Said(lines);
        }

        throw new DockerException(complaint is null ? NoProgram : string.Format(CultureInfo.InvariantCulture, NoEngine, complaint));
    }

    /// <summary>What a command line says of itself and its engine, whether that answers or not; null when there is no such program.</summary>
    private async Task<List<string>?> AskAsync(string program, CancellationToken token)
    {
        var lines = new List<string>();
        try
        {
            await processes.RunAsync(CommandOf(program, ["version", "--format", "{{json .}}"]) with { OnLine = line => lines.Add(line.Text) }, token);
            return lines;
        }
        catch (ProcessException missing) when (missing.IsMissing)
        {
            return null;
        }
    }

    /// <summary>The command line's own complaint; what begins with a brace is its answer about itself.</summary>
    private static string Said(List<string> lines) =>
        lines.FindLast(line => line.Length > 0 && !line.StartsWith('{')) is { } complaint ? $" ({complaint.TrimEnd('.')})" : "";

    /// <summary>The password goes in by standard input: arguments can be seen by others.</summary>
    /// <param name="engine">Who logs in.</param>
    /// <param name="host">The registry; null for Docker Hub, which Docker knows by no host.</param>
    /// <param name="login">User name and password.</param>
    /// <param name="token">Ends it.</param>
    public async Task LoginAsync(DockerEngine engine, string? host, RegistryLogin login, CancellationToken token)
    {
        var command = CommandOf(engine, ["login", "--username", login.UserName, "--password-stdin", .. host is null ? Array.Empty<string>() : [host]]) with { Input = login.Password.Reveal() };
        await RunAsync(command, $"Docker could not log in to {host ?? "Docker Hub"}", token);
    }

    /// <exception cref="DockerException">What is to be built is not in the clone.</exception>
    public void Check(ImageSource.Dockerfile source)
    {
        if (DockerFiles.Missing(source, site.CloneDirectory) is [_, ..] missing)
        {
            throw DockerException.OfSettings(string.Join('\n', missing));
        }
    }

    public Task BuildAsync(DockerEngine engine, ImageSource.Dockerfile source, string tag, Platform platform, bool useCache, CancellationToken token)
    {
        var build = DockerBuild.Of(engine, source, tag, platform, useCache);
        log.Information("Building {Dockerfile} with Docker {Version}'s {Builder}.", source.Path, engine.ServerVersion, engine.HasBuildKit ? "BuildKit" : "classic builder");
        var command = CommandOf(engine, build.Arguments);
        return RunAsync(command with { Environment = build.Over(command.Environment) }, $"Docker could not build {source.Path}", token);
    }

    /// <summary>The platform of an image that the engine has; null when it has none of that name.</summary>
    public async Task<string?> FindImageAsync(DockerEngine engine, string name, CancellationToken token) =>
        (await OutputAsync(engine.Program, ["image", "inspect", "--format", "{{.Os}}/{{.Architecture}}", name], token))?.LastOrDefault(line => line.Contains('/', StringComparison.Ordinal));

    /// <summary>By what the engine knows the image: the digest of its configuration or, with containerd's store, of its manifest. Null when it has none of that name.</summary>
    public async Task<string?> FindIdAsync(DockerEngine engine, string name, CancellationToken token) =>
        (await OutputAsync(engine.Program, ["image", "inspect", "--format", "{{.Id}}", name], token))?.LastOrDefault(line => line.StartsWith("sha256:", StringComparison.Ordinal));

    /// <summary>How an image that the engine has starts; empty when it leaves that to its command.</summary>
    public Task<IReadOnlyList<string>> EntryPointOfAsync(DockerEngine engine, string name, CancellationToken token) => ListOfAsync(engine, name, ".Config.Entrypoint", token);

    /// <summary>The layers of an image that the engine has, lowest first, before compression; empty when it does not say.</summary>
    public async Task<IReadOnlyList<Digest>> LayersOfAsync(DockerEngine engine, string name, CancellationToken token) =>
        [.. (await ListOfAsync(engine, name, ".RootFS.Layers", token)).Select(layer => Digest.TryParse(layer, out var digest) ? digest : null).OfType<Digest>()];

    private async Task<IReadOnlyList<string>> ListOfAsync(DockerEngine engine, string name, string field, CancellationToken token)
    {
        var lines = await OutputAsync(engine.Program, ["image", "inspect", "--format", $"{{{{json {field}}}}}", name], token);
        return lines?.Select(PartsOf).LastOrDefault(parts => parts is not null) ?? [];
    }

    /// <summary>Null for a line that is no list of text: a warning may begin with a bracket too.</summary>
    private static IReadOnlyList<string>? PartsOf(string line)
    {
        try
        {
            return line.StartsWith('[') ? [.. JsonNode.Parse(line)!.AsArray().Select(part => part?.GetValue<string>() ?? "")] : null;
        }
        catch (Exception other) when (other is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public async Task<DockerPush> PushAsync(DockerEngine engine, string name, string target, CancellationToken token)
    {
        if (name != target)
        {
            await RunAsync(CommandOf(engine, ["tag", name, target]), $"Docker could not tag {name}", token);
        }

        var (command, push) = (CommandOf(engine, ["push", target]), new DockerPush());
        await RunAsync(
            command with
            {
                OnLine = line =>
                {
                    command.OnLine(line);
                    push.Read(line.Text);
                },
            },
            $"Docker could not push {target}",
            token);
        return push;
    }

    private Command CommandOf(DockerEngine engine, IReadOnlyList<string> arguments) => CommandOf(engine.Program, arguments);

    private Command CommandOf(string program, IReadOnlyList<string> arguments) => new()
    {
        Program = program,
        Arguments = arguments,
        WorkingDirectory = site.CloneDirectory,
        Environment = new Dictionary<string, string>(site.Environment) { ["DOCKER_CONFIG"] = site.ConfigurationDirectory },
        OnLine = line => log.Debug("docker: {Line}", line.Text),
    };

    private async Task<ProcessResult> RunAsync(Command command, string failure, CancellationToken token)
    {
        var result = await processes.RunAsync(command, token);
        return result.Succeeded ? result : throw new DockerException($"{failure} (exit code {result.ExitCode}):\n{string.Join('\n', DockerBuild.WithoutAdvice(result.LastLines))}");
    }

    /// <summary>Null when the program is missing or fails.</summary>
    private async Task<IReadOnlyList<string>?> OutputAsync(string program, IReadOnlyList<string> arguments, CancellationToken token)
    {
        var lines = new List<string>();
        try
        {
            var result = await processes.RunAsync(CommandOf(program, arguments) with { OnLine = line => lines.Add(line.Text) }, token);
            return result.Succeeded ? lines : null;
        }
        catch (ProcessException missing) when (missing.IsMissing)
        {
            return null;
        }
    }
}
