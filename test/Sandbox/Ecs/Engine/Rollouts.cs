using System.Text.Json.Nodes;
using Sandbox.Ecs.State;

namespace Sandbox.Ecs.Engine;

/// <summary>Service deployments from their request to their end: superseding, counting failures, rolling back, completing.</summary>
public sealed class Rollouts(Agenda agenda, Ids ids, EcsOptions options, Action<Service, TimeSpan> look)
{
    /// <summary>The members of a service that belong to a revision, and start a deployment when they change (UpdateService in the ECS model).</summary>
    public static readonly IReadOnlyList<string> RevisionMembers =
    [
        "launchType", "capacityProviderStrategy", "platformVersion", "networkConfiguration", "loadBalancers", "serviceRegistries",
        "serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations",
    ];

    /// <summary>Told when a service deployment begins, after its lag.</summary>
    public Action<Service, ServiceDeployment> Started { get; set; } = (_, _) => { };

    /// <summary>A new deployment of the service as it is now; the one in progress is replaced.</summary>
    public ServiceDeployment Begin(Service service)
    {
        var now = agenda.Now;
        if (service.Newest is { Ended: false } running)
        {
            End(running, "STOPPED", ServiceTexts.Replaced);
            running.StoppedAt = now;
        }

        foreach (var deployment in service.Deployments.Where(deployment => deployment.Primary))
        {
            deployment.Primary = false;
            deployment.DesiredCount = deployment.Live;
            deployment.UpdatedAt = now;
        }

        var created = new Deployment { Id = $"ecs-svc/{ids.Digits()}", Revision = Revise(service), CreatedAt = now, UpdatedAt = now, DesiredCount = service.DesiredCount };
        created.RolloutStateReason = ServiceTexts.InProgress(created);
        var sources = service.Deployments.Where(deployment => deployment.All > 0).ToList();
        service.Deployments.Insert(0, created);
        var rollout = new ServiceDeployment
        {
            Arn = service.Cluster.Names.ServiceDeployment(service.Cluster.Name, service.Name, ids.Name()),
            Deployment = created,
            CreatedAt = now,
            UpdatedAt = now,
            Sources = sources,
            Configuration = (JsonObject)Configuration(service).DeepClone(),
            Threshold = CircuitBreaker.Of(Configuration(service)).Threshold(service.DesiredCount),
        };
        service.History.Add(rollout);
        (service.FailedRounds, service.NotBefore) = (0, DateTimeOffset.MinValue);
        agenda.Plan(options.DeploymentLag, () => Start(service, rollout));
        return rollout;
    }

    /// <summary>A task of the deployment failed to start, or failed a health check.</summary>
    public void Failed(Service service, Deployment deployment)
    {
        if (!deployment.Primary || deployment.RolloutState != "IN_PROGRESS" || service.Newest is not { } rollout)
        {
            return;
        }

        deployment.FailedTasks++;
        deployment.UpdatedAt = rollout.UpdatedAt = agenda.Now;
        var breaker = CircuitBreaker.Of(Configuration(service));
        var failures = rollout.RollingBack ? ++rollout.RollbackFailures : ++rollout.FailureCount;
        rollout.Threshold = breaker.Threshold(service.DesiredCount);
        if (!breaker.Enabled || failures < rollout.Threshold)
        {
            return;
        }

        rollout.BreakerTriggered = true;
        Fail(service, deployment);
        if (rollout.RollingBack)
        {
            End(rollout, "ROLLBACK_FAILED", ServiceTexts.RollbackFailed);
        }
        else if (breaker.Rollback)
        {
            RollBack(service, rollout, ServiceTexts.BreakerRollback);
        }
        else
        {
            End(rollout, "STOPPED", ServiceTexts.BreakerStop);
            rollout.StoppedAt = agenda.Now;
        }
    }

    /// <summary>One of the deployment's alarms went off.</summary>
    public void AlarmWentOff(Service service, ServiceDeployment rollout, string alarm, bool rollback)
    {
        Say(service, ServiceTexts.AlarmFailed(service, rollout.Deployment));
        rollout.Deployment.RolloutState = "FAILED";
        rollout.Deployment.RolloutStateReason = "ECS deployment failed: alarm detected.";
        if (rollback)
        {
            RollBack(service, rollout, ServiceTexts.AlarmRollback(alarm));
            return;
        }

        End(rollout, "STOPPED", ServiceTexts.AlarmStop(alarm));
        rollout.StoppedAt = agenda.Now;
    }

    /// <summary>A task of the deployment is well: consecutive failures begin anew (DeploymentCircuitBreaker.resetOnHealthyTask, Deployment.failedTasks).</summary>
    public static void Recovered(Service service, Deployment deployment)
    {
        deployment.FailedTasks = 0;
        if (service.Newest is { Ended: false } rollout && deployment.Primary && CircuitBreaker.Of(Configuration(service)).ResetOnHealthyTask)
        {
            _ = rollout.RollingBack ? rollout.RollbackFailures = 0 : rollout.FailureCount = 0;
        }
    }

    /// <summary>All tasks are there and well, all others gone.</summary>
    public void Complete(Service service, Deployment deployment)
    {
        deployment.RolloutState = "COMPLETED";
        deployment.RolloutStateReason = ServiceTexts.Completed(deployment);
        deployment.UpdatedAt = agenda.Now;
        service.LastCompleted = deployment;
        if (service.Newest is { Ended: false } rollout)
        {
            End(rollout, rollout.RollingBack ? "ROLLBACK_SUCCESSFUL" : "SUCCESSFUL", rollout.StatusReason);
        }

        Say(service, ServiceTexts.DeploymentCompleted(service, deployment));
    }

    /// <summary>Back to the last deployment that completed, whether the breaker, an alarm or a person asked for it.</summary>
    public void RollBack(Service service, ServiceDeployment rollout, string reason)
    {
        var target = service.LastCompleted == rollout.Deployment ? null : service.LastCompleted;
        rollout.Deployment.RolloutState = "FAILED";
        rollout.Status = "ROLLBACK_REQUESTED";
        rollout.StatusReason = reason;
        rollout.UpdatedAt = agenda.Now;
        rollout.Rollback = new Rollback(reason, agenda.Now, target);
        if (target is not null)
        {
            Say(service, ServiceTexts.RollingBackEvent(service, target));
        }

        agenda.Plan(options.RollbackLag, () => Return(service, rollout, target));
    }

    public void End(ServiceDeployment rollout, string status, string? reason)
    {
        rollout.Status = status;
        rollout.StatusReason = reason;
        rollout.FinishedAt = rollout.UpdatedAt = agenda.Now;
    }

    public static JsonObject Configuration(Service service) => service.Definition["deploymentConfiguration"] as JsonObject ?? [];

    private void Fail(Service service, Deployment deployment)
    {
        deployment.RolloutState = "FAILED";
        deployment.RolloutStateReason = ServiceTexts.BreakerFailed;
        deployment.UpdatedAt = agenda.Now;
        Say(service, ServiceTexts.DeploymentFailed(service, deployment));
    }

    private void Start(Service service, ServiceDeployment rollout)
    {
        if (rollout.Status != "PENDING")
        {
            return;
        }

        rollout.Status = "IN_PROGRESS";
        rollout.StartedAt = rollout.UpdatedAt = agenda.Now;
        service.Current = rollout;
        Started(service, rollout);
        look(service, TimeSpan.Zero);
    }

    private void Return(Service service, ServiceDeployment rollout, Deployment? target)
    {
        if (rollout.Ended)
        {
            return;
        }

        if (target is null)
        {
            End(rollout, "ROLLBACK_FAILED", ServiceTexts.NoCandidate);
            return;
        }

        rollout.Status = "ROLLBACK_IN_PROGRESS";
        service.Current = rollout;
        rollout.UpdatedAt = agenda.Now;
        var failed = rollout.Deployment;
        (failed.Primary, failed.DesiredCount) = (false, failed.Live);
        service.Deployments.Remove(target);
        service.Deployments.Insert(0, target);
        (target.Primary, target.RolloutState, target.RolloutStateReason) = (true, "IN_PROGRESS", rollout.BreakerTriggered ? ServiceTexts.RollingBack(target) : ServiceTexts.Returning(target));
        target.UpdatedAt = agenda.Now;
        (target.ProductionWeight, failed.ProductionWeight, failed.TestWeight) = (100, 0, 0);
        Restore(service, target);
        look(service, options.Reaction);
    }

    private static void Restore(Service service, Deployment target)
    {
        service.TaskDefinition = target.Revision.TaskDefinition;
        foreach (var member in RevisionMembers)
        {
            service.Definition.Remove(member);
            if (target.Definition[member] is { } value)
            {
                service.Definition[member] = value.DeepClone();
            }
        }

        (service.FailedRounds, service.NotBefore) = (0, DateTimeOffset.MinValue);
    }

    private ServiceRevision Revise(Service service)
    {
        var members = RevisionMembers.Where(member => service.Definition[member] is not null);
        var revision = new ServiceRevision
        {
            Arn = service.Cluster.Names.ServiceRevision(service.Cluster.Name, service.Name, ids.Digits()),
            CreatedAt = agenda.Now,
            TaskDefinition = service.TaskDefinition!,
            Definition = new JsonObject(members.Select(member => KeyValuePair.Create(member, service.Definition[member]?.DeepClone()))),
        };
        service.Revisions.Add(revision.Arn, revision);
        return revision;
    }

    private void Say(Service service, string message) => service.Events.Add(ids.Uuid(), agenda.Now, message);
}
