namespace EcsDeploy.Ecs;

/// <summary>Nobody knows whether UpdateService took effect: its answer got lost, and so did what would have told.</summary>
internal sealed class LostUpdateException(string message, Exception inner) : PipeException(message, inner)
{
    public override ExitCode ExitCode => ExitCode.InFlight;
}
