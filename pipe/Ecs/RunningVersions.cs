using EcsDeploy.Outcomes;

namespace EcsDeploy.Ecs;

/// <summary>Which revisions a service's tasks run: during a rollout that is not only the one that the service names.</summary>
/// <param name="New">The ARN of the revision that the service names.</param>
/// <param name="Old">The ARN of what it takes the place of; the same where it takes nobody's.</param>
/// <param name="Serving">Which of the two serves.</param>
internal sealed record RunningVersions(string New, string Old, Serving Serving)
{
    /// <summary>The ARN of what serves; while both do, of the old one, which is not to be forgotten before it is gone.</summary>
    public string Served => Serving is Serving.Old or Serving.Both ? Old : New;

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
        return new RunningVersions(named, others.FirstOrDefault() ?? named, serving);
    }
}
