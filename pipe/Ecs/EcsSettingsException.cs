namespace EcsDeploy.Ecs;

/// <summary>What was asked does not fit what stands in ECS: a name that is not there, a service that this pipe does not roll, a definition that cannot be read.</summary>
internal sealed class EcsSettingsException(string message, Exception? inner = null) : PipeException(message, inner)
{
    public override ExitCode ExitCode => ExitCode.Settings;
}
