using EcsDeploy.Outcomes;

namespace EcsDeploy.Ecs;

/// <summary>Says after each look at our rollout whether it is over and how: no calls, no clock, so that every timeline can be tried.</summary>
internal sealed class RolloutFollower(OurRollout ours)
{
    /// <summary>Reads lag behind writes: so many looks in a row must agree before an absence or a stranger is believed.</summary>
    private const int LooksToBelieve = 5;

    /// <summary>So long an answered pause may still be seen.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(30);

    private readonly FailureCount _failures = new(ours);
    private int _absent;
    private int _strange;
    private int _steady;
    private int _afterFailure;
    private bool _seen;

    /// <summary>A look has said how it will end.</summary>
    public bool HasDecided { get; private set; }

    public Step Next(Observation look)
    {
        var step = Judge(look);
        HasDecided |= step is Step.Decided;
        return step;
    }

    private Step Judge(Observation look)
    {
        if (look.Service is not { } service)
        {
            return ++_absent < LooksToBelieve ? Step.Goes : Gone("The service is not there any more: somebody deleted it.");
        }

        _absent = 0;
        if (!service.IsActive)
        {
            return Gone($"The service is being deleted (status {service.Status}).");
        }

        _seen |= service.Primary?.Id == ours.DeploymentId;
        return look.ServiceDeployment is { } deployment
            ? ByServiceDeployment(service, deployment, look)
            : ByDeployment(service, look);
    }

    private Step ByServiceDeployment(ServiceState service, ServiceDeploymentState deployment, Observation look) => deployment switch
    {
        { Status: "SUCCESSFUL" } => Success(service),
        { Status: "ROLLBACK_SUCCESSFUL" } => new Step.Ended(new Verdict.RolledBack { Serving = Serving.Old }),
        { Status: "ROLLBACK_FAILED" } => new Step.Ended(new Verdict.FailedNotRolledBack { RollbackFailed = true, Serving = Traffic.Of(look, ours) }),
        { Status: "STOPPED" } => new Step.Ended(Stopped(service, deployment, look)),
        { IsRollingBack: true } => new Step.Decided(new Verdict.RolledBack { Serving = Traffic.Of(look, ours) }),
        { Pause: { } hook } when hook.Id != ours.AnsweredHook || look.Elapsed > Settled => new Step.Ended(
            new Verdict.Paused { Wait = hook.Words, Serving = Traffic.Of(look, ours) }),
        _ when IsStranger(service.Primary) => Superseded(look),
        _ => OwnJudgement(service, look),
    };

    /// <summary>STOPPED has three meanings (ecs.md §4.6): replaced by another one, failed where ECS was not to roll back, stopped by somebody.</summary>
    private Verdict Stopped(ServiceState service, ServiceDeploymentState deployment, Observation look)
    {
        var reason = deployment.StatusReason ?? "";
        var serving = Traffic.Of(look, ours);
        return reason.Contains("replaced by", StringComparison.OrdinalIgnoreCase) ? Replaced(look)
            : deployment.BreakerTriggered || deployment.AlarmTriggered || Names(reason, "circuit breaker", "alarm", "rollback candidate")
                ? new Verdict.FailedNotRolledBack { Serving = serving }
            : reason.Length == 0 && IsStranger(service.Primary) ? Replaced(look)
            : new Verdict.StoppedBySomeone { Serving = serving };
    }

    /// <summary>The older view: by the id of our deployment and its rollout state.</summary>
    private Step ByDeployment(ServiceState service, Observation look)
    {
        var mine = service.Deployment(ours.DeploymentId);
        if (mine is { Status: "PRIMARY" })
        {
            return Mine(service, mine, look);
        }

        if (!_seen && mine is null && !IsStranger(service.Primary))
        {
            return Step.Goes;
        }

        // A late read shows the PRIMARY of before as well: without a word of failure it must be seen for a while.
        var primary = service.Primary;
        if (mine?.RolloutState == "FAILED" || SaysRollback(primary) || (IsRollback(primary) && ++_strange >= LooksToBelieve))
        {
            return GoesBack(service, primary, look);
        }

        return IsStranger(primary) ? Superseded(look) : Step.Goes;
    }

    private Step Mine(ServiceState service, DeploymentState mine, Observation look)
    {
        _strange = 0;
        if (look.ServiceDeploymentsVisible && !service.Rules.IsRolling)
        {
            return Step.Goes;
        }

        switch (mine.RolloutState)
        {
            case "COMPLETED":
                return Success(service);
            case "FAILED":
                var failed = new Verdict.FailedNotRolledBack { Serving = Traffic.Of(look, ours) };
                return service.Rules.RollsBack && ++_afterFailure < LooksToBelieve ? new Step.Decided(failed) : new Step.Ended(failed);
            case null:
                // Behind a Classic Load Balancer there is no rollout state: steady is what two looks in a row call so.
                var steady = service.Deployments.Count == 1 && mine.Running == mine.Desired && mine.Pending == 0;
                _steady = steady ? _steady + 1 : 0;
                return _steady >= 2 ? Success(service) : OwnJudgement(service, look);
            default:
                return OwnJudgement(service, look);
        }
    }

    private Step GoesBack(ServiceState service, DeploymentState? primary, Observation look)
    {
        var back = primary is not null && primary.Id != ours.DeploymentId;
        return primary?.RolloutState switch
        {
            "COMPLETED" when back => new Step.Ended(new Verdict.RolledBack { Serving = Serving.Old }),
            "FAILED" when back => new Step.Ended(new Verdict.FailedNotRolledBack { RollbackFailed = true, Serving = Traffic.Of(look, ours) }),
            null when back && primary!.Running == primary.Desired && service.Deployments.Count == 1 =>
                new Step.Ended(new Verdict.RolledBack { Serving = Serving.Old }),
            _ => new Step.Decided(new Verdict.RolledBack { Serving = Traffic.Of(look, ours) }),
        };
    }

    /// <summary>ECS puts an earlier deployment, or a new one that says so, into the first place.</summary>
    private bool IsRollback(DeploymentState? primary) =>
        primary is not null && _seen && primary.Id != ours.DeploymentId
        && (ours.KnownDeployments.Contains(primary.Id) || SaysRollback(primary));

    private bool SaysRollback(DeploymentState? primary) =>
        primary is not null && primary.Id != ours.DeploymentId && Names(primary.RolloutStateReason ?? "", "rolling back", "rollback", "rolled back")
        && (_seen || !ours.KnownDeployments.Contains(primary.Id));

    /// <summary>A PRIMARY deployment that is neither ours nor was there before.</summary>
    private bool IsStranger(DeploymentState? primary) =>
        primary is not null && primary.Id != ours.DeploymentId && !ours.KnownDeployments.Contains(primary.Id) && !IsRollback(primary);

    private Step Superseded(Observation look) =>
        ++_strange < LooksToBelieve ? Step.Goes : new Step.Ended(Replaced(look));

    private Verdict.Superseded Replaced(Observation look) => new()
    {
        Serving = Traffic.Of(look, ours),
        Reasons = look.Service?.Primary is { } other && IsStranger(other)
            ? [$"Another rollout took the place of this one: {TaskDefinition.ShortName(other.TaskDefinition)}, deployment {other.Id}."]
            : [],
    };

    /// <summary>Where nothing makes ECS decide it tries for ever, or for the day that a stage may last; then its own formula for failed tasks decides here.</summary>
    private Step OwnJudgement(ServiceState service, Observation look)
    {
        _strange = 0;
        var failures = _failures.After(look);
        return service.Rules.FailuresToJudge(service.DesiredCount) is { } enough && failures >= enough
            ? new Step.Judged(new Verdict.FailedNotRolledBack { Serving = Traffic.Of(look, ours) }, failures)
            : Step.Goes;
    }

    private Step.Ended Success(ServiceState service) => new(service.DesiredCount > 0
        ? new Verdict.Succeeded { Serving = Serving.New }
        : new Verdict.ScaledToZero { FromTheStart = ours.WantsNoTasks, Serving = Serving.Nothing });

    private static Step.Ended Gone(string reason) => new(new Verdict.StoppedBySomeone { Serving = Serving.Nothing, Reasons = [reason] });

    private static bool Names(string text, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (text.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
