using EcsDeploy.Names;
using EcsDeploy.Processes;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Images;

/// <summary>Runs <c>dotnet publish</c> so that it compiles, says what the container should be, stays within memory and gives the same files for the same sources.</summary>
internal sealed class DotnetPublish(ProcessRunner processes, BuildSite site, ILogger log)
{
    /// <summary>Publishes into the folder; what MSBuild answered about the container is in the result. <paramref name="onBaseImage"/> is told early.</summary>
    public async Task<ContainerFacts?> RunAsync(
        string project, ImageSource.Project source, Platform platform, string folder, Action<string> onBaseImage, CancellationToken token)
    {
        var memory = new BuildMemory(source.BuildMemoryMebibytes ?? BuildMemory.DefaultMebibytes);
        var output = new BuildOutput(site.CloneDirectory);
        var answer = folder + ContainerQuery.FileSuffix;
        var command = new Command
        {
            Program = "dotnet",
            WorkingDirectory = Path.GetDirectoryName(project)!,
            Environment = EnvironmentFor(project, platform, memory, source.Reproducible),
            OnLine = line => Follow(line, output, onBaseImage),
        };
        log.Information(
            "Publishing {Project}; if the step dies here without a word, give it more memory: BUILD_MEMORY (now {Memory} MiB) and the docker service's memory",
            Path.GetRelativePath(site.CloneDirectory, project), memory.Mebibytes);
        var runtime = await RuntimeAsync(command, project, source, platform, token);
        var result = await RunAsync(command with { Arguments = Arguments(project, source, runtime, folder, answer) }, project, token);
        if (!result.Succeeded)
        {
            throw BuildFailure.Of(Path.GetRelativePath(site.CloneDirectory, project), source.Configuration, result, output);
        }

        foreach (var name in output.Unread)
        {
            log.Information("The project's {Property} means nothing to the pipe: {Variable} says it here", name, PublishHook.Unread.GetValueOrDefault(name));
        }

        foreach (var file in UnrunHooks.In(site.CloneDirectory, project))
        {
            log.Warning("{File} hangs a target on PublishContainer, which the pipe does not run: what it sets is not in the image. Hang it on ComputeContainerConfig (BeforeTargets)", file);
        }

        log.Information("Published {Project} ({Warnings} warnings)", Path.GetFileNameWithoutExtension(project), output.Warnings);
        return File.Exists(answer) ? ContainerAnswer.Read(await File.ReadAllBytesAsync(answer, token), source.Reproducible) : null;
    }

    private async Task<ProcessResult> RunAsync(Command command, string project, CancellationToken token)
    {
        try
        {
            return await processes.RunAsync(command, token);
        }
        catch (ProcessException error) when (error.IsMissing)
        {
            throw BuildFailure.NoSdk(Path.GetRelativePath(site.CloneDirectory, project), error);
        }
    }

    private void Follow(OutputLine line, BuildOutput output, Action<string> onBaseImage)
    {
        log.Debug("dotnet: {Line}", line.Text);
        var known = output.BaseImage;
        output.Read(line.Text);
        if (known is null && output.BaseImage is { } baseImage)
        {
            onBaseImage(baseImage);
        }
    }

    private static List<string> Arguments(string project, ImageSource.Project source, string? runtime, string folder, string answer)
    {
        var extra = source.PublishArguments.SelectMany(PublishArgument.Separated).ToList();
        if (extra.Find(PublishArgument.IsOurs) is { } own)
        {
            throw BuildException.OfSettings($"PUBLISH_ARGS holds {own}, which the pipe sets itself (CONFIGURATION sets the configuration).");
        }

        var arguments = new List<string> { "publish", project, "-c", source.Configuration, "-o", folder, "-v:minimal", "-clp:NoSummary", "-tl:off" };
        arguments.AddRange(BuildMemory.Arguments);
        arguments.AddRange(source.Reproducible ? ContainerQuery.ReproducibleArguments : []);
        arguments.AddRange(ContainerQuery.Arguments(answer));
        if (extra.Find(PublishArgument.IsRuntime) is { } chosen && source.Platforms.Count > 1)
        {
            throw BuildException.OfSettings($"PUBLISH_ARGS holds {chosen}, which is for one runtime, and PLATFORMS has {source.Platforms.Count}. Take it away: the pipe chooses the runtime of each.");
        }

        arguments.AddRange(runtime is null || extra.Exists(PublishArgument.IsRuntime) ? [] : ["-r", runtime]);
        arguments.AddRange(source.Layers.BaseImage is { } baseImage ? [$"-p:ContainerBaseImage={baseImage}"] : []);
        arguments.AddRange(extra);
        return arguments;
    }

    // An app that names no runtime is published as it is, as the SDK's own container publish does it, where the machine here is like the one that it will run on.
    // Anywhere else it is published for one runtime: of those that the project lists, the one for the platform, which may be musl's.
    private async Task<string?> RuntimeAsync(Command command, string project, ImageSource.Project source, Platform platform, CancellationToken token)
    {
        if (source.Platforms.Count == 1 && platform == HostPlatform)
        {
            return null;
        }

        var evaluation = command with { Arguments = ["msbuild", project, $"-getProperty:{string.Join(',', RuntimeChoice.Properties)}"], OnLine = _ => { } };
        return RuntimeChoice.Of(string.Join('\n', (await RunAsync(evaluation, project, token)).LastLines), platform);
    }

    private static Platform HostPlatform =>
        System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? Platform.Arm64 : Platform.Amd64;

    private Dictionary<string, string> EnvironmentFor(string project, Platform platform, BuildMemory memory, bool reproducible)
    {
        var environment = new Dictionary<string, string>(site.Environment)
        {
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_SKIP_WORKLOAD_INTEGRITY_CHECK"] = "1",
            ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
            ["DOTNET_CLI_UI_LANGUAGE"] = "en",
            // The SDK leaves folders behind among temporary files; these go with the run.
            ["TMPDIR"] = Directory.CreateDirectory(Path.Combine(site.WorkDirectory, "tmp")).FullName,
            [PublishHook.ImportVariable] = PublishHook.Write(site.WorkDirectory, reproducible),
            [PublishHook.ProjectVariable] = project,
            [PublishHook.RuntimeVariable] = platform.RuntimeIdentifier,
        };
        foreach (var (name, value) in memory.Variables)
        {
            environment[name] = value;
        }

        if (reproducible)
        {
            // Visual Basic's compiler lets the step's language into what it makes.
            environment["LC_ALL"] = ContainerQuery.Language;
        }

        if (site.PackageDirectory is { } packages)
        {
            environment.TryAdd("NUGET_PACKAGES", packages);
        }

        return environment;
    }
}
