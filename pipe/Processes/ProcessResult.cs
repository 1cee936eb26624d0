namespace EcsDeploy.Processes;

/// <summary>How a program ended, with the end of what it wrote to both streams.</summary>
internal sealed record ProcessResult(int ExitCode, IReadOnlyList<string> LastLines)
{
    public bool Succeeded => ExitCode == 0;
}
