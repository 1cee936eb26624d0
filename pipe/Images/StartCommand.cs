namespace EcsDeploy.Images;

/// <summary>How a container starts, as the project's items ContainerAppCommand, ContainerEntrypoint and their arguments say it.</summary>
internal sealed record StartCommand
{
    private const string None = "None";
    private const string DefaultArgs = "DefaultArgs";
    private const string Entrypoint = "Entrypoint";

    public IReadOnlyList<string> EntryPoint { get; init; } = [];

    public IReadOnlyList<string> EntryPointArguments { get; init; } = [];

    public IReadOnlyList<string> AppCommand { get; init; } = [];

    public IReadOnlyList<string> AppCommandArguments { get; init; } = [];

    public IReadOnlyList<string> DefaultArguments { get; init; } = [];

    /// <summary>ContainerAppCommandInstruction: None, DefaultArgs, Entrypoint, or empty to let the rest decide.</summary>
    public string Instruction { get; init; } = "";

    /// <summary>Entry point and command of the image, by the rules of the SDK (ImageBuilder.DetermineEntrypointAndCmd), over the base image's entry point.</summary>
    public (IReadOnlyList<string> EntryPoint, IReadOnlyList<string> Command) Over(IReadOnlyList<string> baseEntryPoint)
    {
        var start = Instruction.Length > 0 ? this : WithInstruction();
        start.Check();
        var entryPoint = start.Instruction == Entrypoint ? start.AppCommand : start.EntryPoint;
        var arguments = start.Instruction == Entrypoint ? start.AppCommandArguments : start.EntryPointArguments;
        var command = start.Instruction == DefaultArgs
            ? start.AppCommand.Concat(start.AppCommandArguments).Concat(start.DefaultArguments)
            : start.DefaultArguments;
        // Some base images start "dotnet" themselves; the app's own command names it again.
        var inherited = baseEntryPoint is ["dotnet"] or ["/usr/bin/dotnet"] ? [] : baseEntryPoint;
        return (entryPoint.Count > 0 ? [.. entryPoint, .. arguments] : inherited, [.. command]);
    }

    /// <summary>The SDK fills in how the app starts unless that is named or left out.</summary>
    public bool NeedsAppCommand => AppCommand.Count == 0 && Instruction != None;

    private bool SetsEntryPoint => EntryPoint.Count > 0 || EntryPointArguments.Count > 0;

    private StartCommand WithInstruction()
    {
        if (!SetsEntryPoint)
        {
            return this with { Instruction = Entrypoint };
        }

        // Only ContainerEntrypointArgs is set: the older way to give arguments, which the SDK still takes as default arguments.
        if (DefaultArguments.Count == 0 && AppCommandArguments.Count == 0 && EntryPoint.Count == 0)
        {
            return new StartCommand { EntryPoint = AppCommand, DefaultArguments = EntryPointArguments, Instruction = None };
        }

        return this with { Instruction = DefaultArgs };
    }

    private void Check()
    {
        var fault = this switch
        {
            { EntryPoint: [], EntryPointArguments: [_, ..] } => "ContainerEntrypointArgs is set without ContainerEntrypoint",
            { AppCommand: [], AppCommandArguments: [_, ..] } => "ContainerAppCommandArgs is set without ContainerAppCommand",
            { Instruction: None, AppCommand: [_, ..] } => "ContainerAppCommand is set, and ContainerAppCommandInstruction None leaves it out",
            { Instruction: Entrypoint, SetsEntryPoint: true } => "ContainerEntrypoint is set, and ContainerAppCommandInstruction Entrypoint replaces it",
            { Instruction: None or DefaultArgs or Entrypoint } => null,
            _ => $"ContainerAppCommandInstruction is '{Instruction}'; it must be {Entrypoint}, {DefaultArgs} or {None}",
        };
        if (fault is not null)
        {
            throw new BuildException($"The project's container settings contradict each other: {fault}.");
        }
    }
}
