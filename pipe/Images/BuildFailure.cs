using System.Text.RegularExpressions;
using EcsDeploy.Processes;

namespace EcsDeploy.Images;

/// <summary>Says why a publish failed: the compiler's errors, the SDK that is not here, or the memory that did not suffice.</summary>
internal static partial class BuildFailure
{
    // 128 + SIGKILL, which is how the kernel ends a process that takes more memory than the container has.
    private const int Killed = 137;

    public static BuildException Of(string project, string configuration, ProcessResult result, BuildOutput output)
    {
        var end = string.Join('\n', result.LastLines);
        if (MissingSdk().Match(end) is { Success: true } missing)
        {
            var sdk = missing.Groups["version"].Value;
            return new BuildException(
                $"global.json asks for the .NET SDK {sdk}, which this pipe's image does not have. Publish in a step of your own that has it:\n{OwnStep(project, configuration, sdk)}");
        }

        if (end.Contains("No .NET SDKs were found", StringComparison.Ordinal))
        {
            return NoSdk(project, inner: null);
        }

        if (result.ExitCode == Killed || end.Contains("OutOfMemoryException", StringComparison.Ordinal) || end.Contains("Out of memory", StringComparison.Ordinal))
        {
            return new BuildException(
                $"Publishing {project} ran out of memory. Set BUILD_MEMORY (MiB) higher and, in bitbucket-pipelines.yml, definitions → services → docker → memory to as much at least.");
        }

        if (end.Contains("NETSDK1129", StringComparison.Ordinal))
        {
            return new BuildException($"{project} has several target frameworks, and one image has one. Set PUBLISH_ARGS to the framework: '-f net10.0', for example.\n{string.Join('\n', output.Errors)}");
        }

        // MSBuild's complaints about its own command line say on further lines what they are about.
        if (output.Errors is [var only] && only.StartsWith("error MSB10", StringComparison.Ordinal))
        {
            return new BuildException($"Publishing {project} failed, perhaps by what PUBLISH_ARGS holds:\n{end}");
        }

        var more = output.MoreErrors > 0 ? $"\nand {output.MoreErrors} more" : "";
        return new BuildException(output.Errors.Count > 0
            ? $"{project} does not build:\n{string.Join('\n', output.Errors)}{more}"
            : $"Publishing {project} failed with exit code {result.ExitCode}:\n{end}");
    }

    public static BuildException NoSdk(string project, Exception? inner) => new(
        $"There is no .NET SDK here to publish {project} with. Use this pipe's full image, or publish in a step of your own:\n{OwnStep(project, "Release", sdk: null)}",
        inner);

    /// <summary>Lines for bitbucket-pipelines.yml that publish with the team's own SDK.</summary>
    private static string OwnStep(string project, string configuration, string? sdk) => $"""
        - step:
            image: mcr.microsoft.com/dotnet/sdk:{sdk ?? "10.0"}
            script:
              # Razor and F# also want the file {PublishHook.StabilityFile} here: README, "Publish in a step of your own".
              - {ContainerQuery.PublishLine(project, configuration, ".publish/app")}
              - pipe: …
                variables:
                  PUBLISH_DIR: .publish/app
        """;

    [GeneratedRegex(@"Requested SDK version: (?<version>[0-9A-Za-z.-]+)")]
    private static partial Regex MissingSdk();
}
