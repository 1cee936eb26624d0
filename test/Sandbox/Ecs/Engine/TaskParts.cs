using Sandbox.Ecs.State;

namespace Sandbox.Ecs.Engine;

/// <summary>What every task needs to run.</summary>
public sealed record TaskParts(Agenda Agenda, Ids Ids, ImagePuller Puller, BehaviourRules Behaviours, EcsOptions Options)
{
    /// <summary>What lifecycle hooks' functions answer.</summary>
    public HookBehaviours Functions { get; } = new();

    public required IContainerLogs Logs { get; init; }

    /// <summary>Runs the containers whose behaviour is scripted.</summary>
    public required IContainerRuntime Scripted { get; init; }

    /// <summary>Runs the others.</summary>
    public required IContainerRuntime Real { get; init; }
}

/// <summary>Who hears of the turns in a task's life.</summary>
public interface ITaskObserver
{
    void Running(EcsTask task);

    void Healthy(EcsTask task);

    /// <summary>It was asked to stop, by whomever.</summary>
    void Stopping(EcsTask task);

    void Stopped(EcsTask task);

    void TargetUnhealthy(EcsTask task, EcsContainer container, string reason);

    void CheckFailed(EcsTask task);

    void Wrote(EcsTask task, EcsContainer container, string line);
}
