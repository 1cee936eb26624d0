using EcsDeploy.Ecs;
using EcsDeploy.Names;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;

namespace EcsDeploy.Deployment;

/// <summary>Every decision that can be made by reading only; a dry run prints it and stops.</summary>
internal sealed record DeploymentPlan
{
    /// <summary>The image when it is in the registry already (promotion); null when it is still to be made.</summary>
    public PushedImage? Image { get; init; }

    public IReadOnlyList<ServicePlan> Services { get; init; } = [];
}

/// <summary>One service as it is, and what its next task definition starts from.</summary>
internal sealed record ServicePlan(ServiceSettings Settings, ServiceState Service, TaskDefinitionPlan TaskDefinition)
{
    /// <summary>Digests that the service runs now: the new image may share layers with them.</summary>
    public IEnumerable<string> RunningDigests =>
        TaskDefinition.Live.Images.Select(image => image.Split('@')[^1]).Where(digest => Digest.TryParse(digest, out _));

    /// <param name="definition">The ARN of an ACTIVE revision.</param>
    /// <param name="image">What it is rolled for; null when that is still to be made.</param>
    public RolloutRequest Request(string definition, PushedImage? image) => new()
    {
        Service = Service,
        TaskDefinition = definition,
        DesiredCount = Settings.DesiredCount,
        Image = image,
        Containers = TaskDefinition.Containers,
    };
}
