using EcsDeploy.Ecs;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Deployment;

/// <summary>Rolls one image onto every service of a plan, side by side; trouble with one does not keep the others from being followed to their end.</summary>
internal sealed class ServiceRoller(TaskDefinitions definitions, Rollout rollout, OneOffSteps tasks, BitbucketContext bitbucket, ILogger log)
{
    /// <exception cref="PipeException">What kept a service from being rolled, after all the others have ended.</exception>
    public async Task<IReadOnlyList<RolloutOutcome>> RollAsync(IReadOnlyList<ServicePlan> plans, PushedImage image, CancellationToken token)
    {
        var rolling = plans.Select(plan => RollAsync(plan, image, token)).ToList();
        try
        {
            return await Task.WhenAll(rolling);
        }
        catch (PipeException)
        {
            foreach (var ended in rolling.Where(task => task.IsCompletedSuccessfully))
            {
                log.Information("{LastLine}", (await ended).LastLine);
            }

            throw;
        }
    }

    private async Task<RolloutOutcome> RollAsync(ServicePlan plan, PushedImage image, CancellationToken token)
    {
        var change = plan.TaskDefinition.With(image.Reference, Stamps());
        PlanPrinter.TellChange(plan, change, log);
        if (change.Input is not null)
        {
            log.Information("Registering a new revision of task definition {Family}", plan.TaskDefinition.Base.Family);
        }

        var definition = await definitions.RegisterAsync(change, token);
        var request = new RolloutRequest
        {
            Service = plan.Service,
            TaskDefinition = definition.Arn,
            DesiredCount = plan.Settings.DesiredCount,
            Image = image,
            Containers = plan.TaskDefinition.Containers,
        };
        var decision = await rollout.DecideAsync(request, token);
        if (decision is RolloutDecision.Update)
        {
            await tasks.BeforeAsync(plan, definition, token);
        }

        var outcome = await rollout.CarryOutAsync(request, decision, token);
        if (outcome.Verdict is Verdict.Succeeded)
        {
            await tasks.AfterAsync(plan, definition, token);
        }

        return outcome;
    }

    /// <summary>Where a revision comes from is written on the revision: the image says nothing that changes with every commit.</summary>
    private Dictionary<string, string> Stamps()
    {
        var stamps = new Dictionary<string, string>();
        if (bitbucket.Commit is { } commit)
        {
            stamps["commit"] = commit;
        }

        if (bitbucket.BuildNumber is { } build)
        {
            stamps["build"] = build;
        }

        return stamps;
    }
}
