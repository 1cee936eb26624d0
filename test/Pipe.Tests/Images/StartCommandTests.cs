using EcsDeploy.Images;
using Xunit;

namespace Pipe.Tests.Images;

/// <summary>Entry point and command by the rules of the SDK (ImageBuilder.DetermineEntrypointAndCmd of dotnet/sdk), rule by rule.</summary>
public sealed class StartCommandTests
{
    private static readonly StartCommand App = new() { AppCommand = ["dotnet", "/app/web.dll"] };

    public static TheoryData<object, string[], string[], string[]> Rules => new()
    {
        // start, base entry point → entry point, command
        { App, [], ["dotnet", "/app/web.dll"], [] },
        { App, ["/entry.sh"], ["dotnet", "/app/web.dll"], [] },
        { App with { AppCommandArguments = ["--a"] }, [], ["dotnet", "/app/web.dll", "--a"], [] },
        { App with { DefaultArguments = ["--d"] }, [], ["dotnet", "/app/web.dll"], ["--d"] },
        { App with { EntryPointArguments = ["--old"] }, [], ["dotnet", "/app/web.dll"], ["--old"] },
        { App with { EntryPoint = ["/init"] }, [], ["/init"], ["dotnet", "/app/web.dll"] },
        { App with { EntryPoint = ["/init"], EntryPointArguments = ["-x"], AppCommandArguments = ["--a"], DefaultArguments = ["--d"] }, [], ["/init", "-x"], ["dotnet", "/app/web.dll", "--a", "--d"] },
        { App with { Instruction = "DefaultArgs" }, ["/entry.sh"], ["/entry.sh"], ["dotnet", "/app/web.dll"] },
        { App with { Instruction = "DefaultArgs" }, ["dotnet"], [], ["dotnet", "/app/web.dll"] },
        { new StartCommand { Instruction = "None", EntryPoint = ["/mine"] }, [], ["/mine"], [] },
        { new StartCommand { Instruction = "None" }, ["/entry.sh"], ["/entry.sh"], [] },
        { new StartCommand { Instruction = "None" }, ["/usr/bin/dotnet"], [], [] },
    };

    public static TheoryData<object, string> Contradictions => new()
    {
        { App with { EntryPointArguments = ["-x"], DefaultArguments = ["--d"] }, "ContainerEntrypointArgs" },
        { new StartCommand { AppCommandArguments = ["--a"] }, "ContainerAppCommandArgs" },
        { App with { Instruction = "None" }, "leaves it out" },
        { App with { Instruction = "Entrypoint", EntryPoint = ["/init"] }, "replaces it" },
        { App with { Instruction = "Other" }, "'Other'" },
    };

    [Theory]
    [MemberData(nameof(Rules), DisableDiscoveryEnumeration = true)]
    public void The_image_starts_as_the_SDK_would_have_it(object start, string[] baseEntryPoint, string[] entryPoint, string[] command)
    {
        var (madeEntryPoint, madeCommand) = ((StartCommand)start).Over(baseEntryPoint);

        Assert.Equal(entryPoint, madeEntryPoint);
        Assert.Equal(command, madeCommand);
    }

    [Theory]
    [MemberData(nameof(Contradictions), DisableDiscoveryEnumeration = true)]
    public void Settings_that_contradict_each_other_are_named(object start, string named)
    {
        var error = Assert.Throws<BuildException>(() => ((StartCommand)start).Over([]));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }
}
