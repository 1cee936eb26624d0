using System.Globalization;
using EcsDeploy.Ecs;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Deployment;

/// <summary>BEFORE_DEPLOY and AFTER_DEPLOY: a task that fails ends the deployment of its service.</summary>
internal sealed class OneOffSteps(OneOffTasks tasks, BitbucketContext bitbucket, ILogger log)
{
    private static readonly Dictionary<string, IReadOnlyList<string>> NoFailures = [];

    /// <summary>
    /// Runs the tasks that come before the rollouts, the same one once in a cluster however many services ask for it. Gives back why it failed, for each service
    /// that asked for it; empty when all may be rolled.
    /// </summary>
    /// <exception cref="PipeException">A task could not be run at all; no service was touched.</exception>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> BeforeAsync(IReadOnlyList<PreparedService> services, CancellationToken token)
    {
        var groups = services
            .Where(service => service.Plan.Settings.BeforeDeploy is not null)
            .GroupBy(service => $"{service.Plan.Service.ClusterArn}\n{KeyOf(service.Plan.Settings.BeforeDeploy!)}")
            .Where(group => group.Any(service => service.IsToBeRolled))
            .Select(group => group.ToList());
        var ended = await SideBySide.RunAsync(groups, group => OnceAsync(group, token));
        return ended.Results().SelectMany(failed => failed).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>
    /// Runs the task that comes after a rollout. Where there was nothing to roll, the task may still be missing from an earlier run: it is run unless it succeeded,
    /// or the registry has on record that all was well.
    /// </summary>
    public async Task<RolloutOutcome> AfterAsync(PreparedService service, RolloutOutcome outcome, bool isOnRecord, CancellationToken token)
    {
        if (service.Plan.Settings.AfterDeploy is not { } wish || outcome.Verdict is not (Verdict.Succeeded or Verdict.NothingToDo))
        {
            return outcome;
        }

        var request = Request(service, wish, outcome.DeploymentId ?? service.Plan.Service.Primary?.Id) with
        {
            IsAfter = true,
            MayBeLongDone = isOnRecord && service.Decision is RolloutDecision.Nothing or RolloutDecision.Scale,
        };
        try
        {
            var ended = await tasks.RunAsync(request, token);
            return ended.Succeeded ? outcome : Failed(ended.Reasons);
        }
        catch (PipeException failure)
        {
            return Failed(failure.Message.Split('\n'));
        }

        RolloutOutcome Failed(IEnumerable<string> reasons) =>
            outcome with { Verdict = new Verdict.TaskAfterFailed { Serving = Serving.New, Reasons = ["The task after the rollout failed.", .. reasons] } };
    }

    /// <summary>The first of the services that ask for the same lends its network, whichever of them is still to be rolled: so the next run finds the task again.</summary>
    private async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> OnceAsync(List<PreparedService> services, CancellationToken token)
    {
        var wish = services[0].Plan.Settings.BeforeDeploy!;
        if (services.Count > 1)
        {
            log.Information(
                "The services {Services} ask for the same task before the rollout: it runs once, and all of them wait for it",
                string.Join(", ", services.Select(service => service.Plan.Service.Name)));
        }

        var ended = await tasks.RunAsync(Request(services[0], wish, bitbucket.BuildNumber), token);
        return ended.Succeeded
            ? NoFailures
            : services.ToDictionary(service => service.Arn, IReadOnlyList<string> (_) => ["The task before the rollout failed.", .. ended.Reasons]);
    }

    private static OneOffRequest Request(PreparedService service, OneOffTask wish, string? occasion) => new()
    {
        Wish = wish,
        Occasion = occasion ?? "",
        Service = service.Plan.Service,
        Definition = service.Definition,
        Container = service.Plan.TaskDefinition.Containers[0],
        Image = service.Request.Image,
    };

    private static string KeyOf(OneOffTask wish) => string.Join(
        '\n',
        [wish.Container, wish.TaskDefinition, wish.Timeout.ToString("c", CultureInfo.InvariantCulture), .. wish.EntryPoint, "--", .. wish.Arguments]);
}
