using EcsDeploy.Outcomes;

namespace EcsDeploy.Ecs;

/// <summary>Which revisions a service's tasks run: during a rollout that is not only the one that the service is set to.</summary>
/// <param name="New">The ARN of the revision that the service is set to.</param>
/// <param name="Old">The ARN of what it takes the place of; the same where it takes nobody's.</param>
/// <param name="Serving">Which of the two serves.</param>
internal sealed record RunningVersions(string New, string Old, Serving Serving)
{
    /// <summary>The ARN of what serves; of the old one as long as it may.</summary>
    public string Served => Serving is Serving.New or Serving.Nothing ? New : Old;

    /// <summary>Something else serves than the service is set to, or serves beside it.</summary>
    public bool Differ => Served != New;

    /// <summary>How many tasks of <see cref="Served"/> run.</summary>
    public required int ServedTasks { get; init; }

    /// <summary>How many tasks of <see cref="New"/> run.</summary>
    public required int NewTasks { get; init; }

    /// <summary>For the last line of a run that only looked.</summary>
    public string Words => Serving switch
    {
        Serving.New => $"{Short(New)} serves",
        Serving.Old => $"{Short(Old)} serves; the service is set to {Short(New)}, of which no task runs",
        Serving.Both => $"both {Short(Old)} and {Short(New)}, which the service is set to, serve",
        Serving.Nothing => $"nothing serves: no task of {Short(New)} runs",
        _ => $"tasks of {Short(Old)} run; the service is set to {Short(New)}. Which of them serves is not known",
    };

    public static RunningVersions Of(ServiceState service)
    {
        var named = service.Primary?.TaskDefinition ?? service.TaskDefinition;
        var running = service.Deployments.Where(deployment => deployment.Running > 0).Select(deployment => deployment.TaskDefinition).Distinct().ToList();
        var others = running.Where(definition => definition != named).ToList();
        var serving = (running.Contains(named), others.Count) switch
        {
            (true, 0) => Serving.New,
            (false, 0) => Serving.Nothing,
            (false, 1) => Serving.Old,

            // Where traffic shifts, running is not serving.
            (true, 1) when service.Rules.IsRolling => Serving.Both,
            _ => Serving.Unknown,
        };
        var old = others.FirstOrDefault() ?? named;
        return new RunningVersions(named, old, serving) { NewTasks = Tasks(service, named), ServedTasks = Tasks(service, serving is Serving.New or Serving.Nothing ? named : old) };
    }

    private static int Tasks(ServiceState service, string definition) =>
        service.Deployments.Where(deployment => deployment.TaskDefinition == definition).Sum(deployment => deployment.Running);

    private static string Short(string arn) => TaskDefinition.ShortName(arn);
}
