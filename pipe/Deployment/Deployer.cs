using EcsDeploy.Delivery;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;

namespace EcsDeploy.Deployment;

/// <summary>The story of a run: plan, image, rollout, record. What overlaps does so inside one line.</summary>
internal sealed class Deployer(ServicePlanner planner, ServiceRoller roller, Promotion promotion, ImageSide images, PlanPrinter printer)
{
    public async Task<DeploymentEnd> RunAsync(PipeSettings settings, CancellationToken token)
    {
        if (settings.DryRun)
        {
            return await LookAsync(settings, token);
        }

        var promoting = settings.Action == PipeAction.Promote;
        var (plan, image) = promoting ? await ChooseAsync(settings, token) : await MakeAsync(settings, token);
        var services = await planner.RefreshAsync(plan.Services, settings.Registry?.Repository, token);
        await images.Revisions.CheckAsync(services, image, token);
        image = promoting ? await promotion.TagAsync(image, settings, token) : image;
        var (before, after) = (services.Any(service => service.Settings.BeforeDeploy is not null), services.Any(service => service.Settings.AfterDeploy is not null));
        image = before || after ? await images.EntryPoint.TellAsync(image, token) : image;

        var outcomes = await roller.RollAsync(services, image, after && await promotion.IsOnRecordAsync(image, settings, token), token);
        if (outcomes.Count > 0 && outcomes.All(outcome => outcome.Verdict is Verdict.Succeeded or Verdict.NothingToDo))
        {
            await promotion.RecordAsync(image, settings, token);
        }

        return new DeploymentEnd(image, outcomes);
    }

    /// <summary>A dry run: all that can be found out by reading, so that it fails where the real one would.</summary>
    private async Task<DeploymentEnd> LookAsync(PipeSettings settings, CancellationToken token)
    {
        if (settings.Action == PipeAction.Promote)
        {
            var (plan, image) = await ChooseAsync(settings, token);
            await images.Revisions.CheckAsync(plan.Services, image, token);
            await printer.PrintAsync(plan, settings, token);
            await promotion.TellTagsAsync(image, settings, token);
        }
        else
        {
            var services = await PlanAsync(settings, token);
            await images.DryRun.LookAsync(settings, token);
            await printer.PrintAsync(new DeploymentPlan { Services = services }, settings, token);
        }

        return new DeploymentEnd(null, []);
    }

    /// <summary>The image is looked for while the services are looked at.</summary>
    private Task<(DeploymentPlan Plan, PushedImage Image)> ChooseAsync(PipeSettings settings, CancellationToken token) =>
        Together.RunAsync<(DeploymentPlan, PushedImage)>(
            async together =>
            {
                var planning = together.Start(inner => PlanAsync(settings, inner));
                var image = await together.Start(inner => promotion.ChooseAsync((settings.Source as ImageSource.Existing)?.Reference, settings, inner));
                return (new DeploymentPlan { Image = image, Services = await planning }, image);
            },
            token);

    /// <summary>The app is compiled while the services are looked at; nothing is sent before they were found fit.</summary>
    private Task<(DeploymentPlan Plan, PushedImage Image)> MakeAsync(PipeSettings settings, CancellationToken token) =>
        Together.RunAsync<(DeploymentPlan, PushedImage)>(
            async together =>
            {
                var planning = together.Start(inner => PlanAsync(settings, inner));
                var earlier = together.Start(inner => EarlierAsync(planning, settings, inner));
                var making = together.Start(inner => images.Maker.MakeAsync(settings, earlier, inner));
                return (new DeploymentPlan { Services = await planning }, await making);
            },
            token);

    private Task<IReadOnlyList<ServicePlan>> PlanAsync(PipeSettings settings, CancellationToken token) =>
        planner.PlanAsync(settings.Services, settings.Registry?.Repository, token);

    /// <summary>What the services run now; without services, what ran last: in this environment, or where the step has none, in any.</summary>
    private async Task<IReadOnlyList<string>> EarlierAsync(Task<IReadOnlyList<ServicePlan>> planning, PipeSettings settings, CancellationToken token)
    {
        var plans = await planning;
        return plans.Count == 0
            ? await promotion.LatestAsync(settings.Environment, token)
            : [.. plans.SelectMany(plan => plan.RunningDigests).Distinct()];
    }
}

/// <summary>What a run left behind.</summary>
/// <param name="Image">Null when there was none to speak of: a dry run, a status.</param>
/// <param name="Services">One for each service that was rolled.</param>
internal sealed record DeploymentEnd(PushedImage? Image, IReadOnlyList<RolloutOutcome> Services)
{
    /// <summary>For the last lines of a run that only looked.</summary>
    public IReadOnlyList<string> Seen { get; init; } = [];
}
