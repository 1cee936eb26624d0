using Sandbox.Ecr;
using Sandbox.Ecs.State;

namespace Sandbox.Ecs.Engine;

/// <summary>Runs containers: by the script of their behaviour, or really. Called under the agenda's lock.</summary>
public interface IContainerRuntime
{
    IRunningContainer Start(ContainerStart start, IContainerEvents events);
}

/// <summary>What is to run; the image is null for registries that the sandbox does not play.</summary>
public sealed record ContainerStart(EcsTask Task, EcsContainer Container, PullResult.Pulled? Image, TaskBehaviour Behaviour);

/// <summary>A container that runs.</summary>
public interface IRunningContainer
{
    /// <summary>SIGTERM, and SIGKILL when <paramref name="timeout"/> has passed; <see cref="IContainerEvents.Exited"/> tells the end.</summary>
    void Stop(TimeSpan timeout);
}

/// <summary>What a runtime tells of a container; on the agenda, or under its lock.</summary>
public interface IContainerEvents
{
    void Started();

    void Exited(int code, string? reason);

    /// <summary>It could not be started.</summary>
    void Failed(string reason);

    /// <summary>The container health check's finding.</summary>
    void Health(bool healthy);

    /// <summary>The target group's finding.</summary>
    void Target(bool healthy, string reason);

    void Wrote(string line);
}
