using Sandbox.Ecs.State;
using Sandbox.Worlds;

namespace Sandbox.Ecs.Engine;

/// <summary>Where containers with the awslogs driver write.</summary>
public interface IContainerLogs
{
    /// <summary>Makes the container's stream as the puller would; null when all is well or there is nothing to open, else why not.</summary>
    string? Open(EcsTask task, EcsContainer container, Caller? puller);

    void Write(EcsTask task, EcsContainer container, string line);
}
