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
    private const string NoEngine =
        "No Docker answers in this step. Add it to the step in bitbucket-pipelines.yml:\n\n    services:\n      - docker\n\n"
        + "or let the pipe build the image itself, from PROJECT or PUBLISH_DIR, which needs no Docker.";

    /// <summary>The step's own command line where there is one, since it fits its engine; else the one that the pipe brings along.</summary>
    private static readonly string[] Programs = ["docker", "/opt/dotnet-ecs-deploy/docker"];

    public async Task<DockerEngine> FindAsync(CancellationToken token)
    {
        foreach (var program in Programs)
        {
            var lines = await OutputAsync(program, ["version", "--format", "{{json .}}"], token);
            if (lines is not null && DockerEngine.Parse(program, lines) is { } engine)
            {
                var buildx = await OutputAsync(program, ["buildx", "version"], token) is not null;
                log.Debug("Docker {Client} with engine {Server}, buildx: {Buildx}.", engine.ClientVersion, engine.ServerVersion, buildx);
                return engine with { HasBuildx = buildx };
            }
        }

        throw new DockerException(NoEngine);
    }

    /// <summary>The password goes in by standard input: arguments can be seen by others.</summary>
    public async Task LoginAsync(DockerEngine engine, string host, RegistryLogin login, CancellationToken token)
    {
        var command = CommandOf(engine, ["login", "--username", login.UserName, "--password-stdin", host]) with { Input = login.Password.Reveal() };
        await RunAsync(command, $"Docker could not log in to {host}", token);
    }

    public Task BuildAsync(DockerEngine engine, ImageSource.Dockerfile source, string tag, Platform platform, CancellationToken token)
    {
        var build = DockerBuild.Of(engine, source, tag, platform);
        log.Information("Building {Dockerfile} with Docker {Version}'s {Builder}.", source.Path, engine.ServerVersion, engine.HasBuildKit ? "BuildKit" : "classic builder");
        var command = CommandOf(engine, build.Arguments);
        return RunAsync(command with { Environment = build.Over(command.Environment) }, $"Docker could not build {source.Path}", token);
    }

    /// <summary>The platform of an image that the engine has; null when it has none of that name.</summary>
    public async Task<string?> FindImageAsync(DockerEngine engine, string name, CancellationToken token) =>
        (await OutputAsync(engine.Program, ["image", "inspect", "--format", "{{.Os}}/{{.Architecture}}", name], token))?.LastOrDefault(line => line.Contains('/', StringComparison.Ordinal));

    public async Task PushAsync(DockerEngine engine, string name, string target, CancellationToken token)
    {
        if (name != target)
        {
            await RunAsync(CommandOf(engine, ["tag", name, target]), $"Docker could not tag {name}", token);
        }

        await RunAsync(CommandOf(engine, ["push", target]), $"Docker could not push {target}", token);
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

    private async Task RunAsync(Command command, string failure, CancellationToken token)
    {
        var result = await processes.RunAsync(command, token);
        if (!result.Succeeded)
        {
            throw new DockerException($"{failure} (exit code {result.ExitCode}):\n{string.Join('\n', result.LastLines)}");
        }
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
