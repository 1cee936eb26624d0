using EcsDeploy.Ecs;
using EcsDeploy.Settings;

namespace EcsDeploy.Deployment;

/// <summary>BEFORE_DEPLOY and AFTER_DEPLOY: a task that fails ends the deployment, and the message says what serves.</summary>
internal sealed class OneOffSteps(OneOffTasks tasks)
{
    /// <exception cref="OneOffTaskException">It failed; the service was not touched.</exception>
    public Task BeforeAsync(ServicePlan plan, TaskDefinition definition, CancellationToken token) => RunAsync(
        plan.Settings.BeforeDeploy, "before the rollout", plan, definition, ExitCode.TaskBeforeFailed,
        $"{plan.Service.ClusterName}/{plan.Service.Name}: the old version serves ({plan.TaskDefinition.Live.Name}); {definition.Name} is registered and not used.", token);

    /// <exception cref="OneOffTaskException">It failed; the rollout before it stands.</exception>
    public Task AfterAsync(ServicePlan plan, TaskDefinition definition, CancellationToken token) => RunAsync(
        plan.Settings.AfterDeploy, "after the rollout", plan, definition, ExitCode.TaskAfterFailed,
        $"{plan.Service.ClusterName}/{plan.Service.Name}: the new version serves ({definition.Name}). To go back: ACTION=rollback with ROLLBACK_TO={plan.TaskDefinition.Live.Name}.", token);

    private async Task RunAsync(
        OneOffTask? wish, string when, ServicePlan plan, TaskDefinition definition, ExitCode exitCode, string lastLine, CancellationToken token)
    {
        if (wish is null)
        {
            return;
        }

        var request = new OneOffRequest { Wish = wish, When = when, Service = plan.Service, Definition = definition, Container = plan.TaskDefinition.Containers[0] };
        var outcome = await tasks.RunAsync(request, token);
        if (!outcome.Succeeded)
        {
            throw new OneOffTaskException(string.Join('\n', [$"The task {when} failed.", .. outcome.Reasons, lastLine]), exitCode);
        }
    }
}

/// <summary>A one-off task failed.</summary>
internal sealed class OneOffTaskException(string message, ExitCode exitCode) : PipeException(message)
{
    public override ExitCode ExitCode => exitCode;
}
