using EcsDeploy.Names;

namespace EcsDeploy.Images;

/// <summary>Makes a published app from a folder and what is known of its container; refuses a folder that could not start.</summary>
internal static class PublishedFolder
{
    public static PublishedApp ToApp(string folder, IReadOnlyList<PublishedFile> files, ContainerFacts facts, DependencyFile dependencies, Platform platform)
    {
        facts = Separated(folder, facts);
        CheckPlatform(facts, platform);
        CheckStart(folder, facts, platform);
        return new PublishedApp(folder, facts, LayerPlan.Of(files, facts.WorkingDirectory, dependencies.KindOf));
    }

    // The SDK writes folder and file one behind the other, so that a working directory without a slash at its end grows together with what it holds.
    private static ContainerFacts Separated(string folder, ContainerFacts facts)
    {
        var root = facts.WorkingDirectory;
        return root.EndsWith('/') ? facts : facts with { Start = facts.Start with { AppCommand = [.. facts.Start.AppCommand.Select(Separate)] } };

        string Separate(string part) => part.StartsWith(root, StringComparison.Ordinal) && part[root.Length..] is [not '/', ..] file && File.Exists(Path.Combine(folder, file))
            ? $"{root}/{file}"
            : part;
    }

    private static void CheckPlatform(ContainerFacts facts, Platform platform)
    {
        var architecture = facts.RuntimeIdentifier[(facts.RuntimeIdentifier.LastIndexOf('-') + 1)..];
        var (wanted, other) = platform == Platform.Arm64 ? ("arm64", Platform.Amd64) : ("x64", Platform.Arm64);
        var isWindows = facts.RuntimeIdentifier.StartsWith("win", StringComparison.Ordinal);
        if (isWindows || (architecture is "x64" or "arm64" or "x86" or "arm" && architecture != wanted))
        {
            throw new BuildException(
                $"The app is published for {facts.RuntimeIdentifier}, but the image shall run on {platform}. Publish with -r {platform.RuntimeIdentifier} "
                + "(where the project's RuntimeIdentifier or an argument says another, take that out)"
                + (isWindows || architecture is "x86" or "arm" ? "." : $", or set PLATFORMS to {other} if that is what the tasks run on."));
        }
    }

    // Only what the app's own folder holds can be looked at; another program of the base image may well start it.
    private static void CheckStart(string folder, ContainerFacts facts, Platform platform)
    {
        var start = facts.Start.EntryPoint.Count > 0 ? [] : facts.Start.AppCommand;
        var root = facts.WorkingDirectory.TrimEnd('/') + "/";
        foreach (var part in start.Where(part => part.StartsWith(root, StringComparison.Ordinal)))
        {
            var path = Path.Combine(folder, part[root.Length..]);
            if (!File.Exists(path))
            {
                throw new BuildException($"The image would start {part}, but the published folder {folder} holds no {part[root.Length..]}. The project's ContainerAppCommand can name another start.");
            }

            if (start is ["dotnet", _] && !File.Exists(Path.ChangeExtension(path, ".runtimeconfig.json")))
            {
                throw new BuildException($"The image would start {part}, which is a library: there is no {Path.GetFileNameWithoutExtension(path)}.runtimeconfig.json beside it. Publish a project that is an app (OutputType Exe).");
            }

            if (ElfFile.MachineOf(path) is { } machine)
            {
                AppHost.Check(path);
                if (!ElfFile.IsFor(machine, platform))
                {
                    throw new BuildException($"The published program {part[root.Length..]} is for another machine than {platform}. Publish with -r {platform.RuntimeIdentifier}, or set PLATFORMS.");
                }
            }
        }
    }
}
