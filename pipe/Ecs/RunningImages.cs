using EcsDeploy.Aws;

namespace EcsDeploy.Ecs;

/// <summary>Holds the image digests of a service's running tasks against the image that was rolled.</summary>
internal sealed class RunningImages(EcsClient ecs)
{
    public async Task<RunningDigests> LookAsync(RolloutRequest request, CancellationToken token)
    {
        if (request.Image is not { } image)
        {
            return new RunningDigests([], 0, 0);
        }

        try
        {
            var arns = await ecs.ListTasksAsync(request.Service, "RUNNING", token);
            var digests = (await ecs.DescribeTasksAsync(request.Service.ClusterArn, arns, token))
                .Where(task => task.LastStatus == "RUNNING" && task.TaskDefinition == request.TaskDefinition)
                .SelectMany(task => task.Containers.Where(container => request.Containers.Contains(container.Name)))
                .Select(container => container.ImageDigest)
                .ToList();

            // A task of an index reports the digest of the manifest for its machine.
            var ours = image.Children.Append(image.Digest).Select(digest => digest.Text).ToHashSet();
            return new RunningDigests(
                [.. digests.OfType<string>().Where(digest => !ours.Contains(digest)).Distinct()],
                digests.Count(digest => digest is not null && ours.Contains(digest)),
                digests.Count(digest => digest is null));
        }
        catch (AwsException fault) when (fault.IsAccessDenied)
        {
            return new RunningDigests([], 0, 0) { Denied = fault.AwsMessage };
        }
    }
}

/// <summary>The digests of running containers that should have our image.</summary>
/// <param name="Others">Digests that are not ours.</param>
/// <param name="Same">How many containers have ours.</param>
/// <param name="Silent">How many say none.</param>
internal sealed record RunningDigests(IReadOnlyList<string> Others, int Same, int Silent)
{
    /// <summary>AWS's words when the tasks could not be seen; null when they could.</summary>
    public string? Denied { get; init; }

    /// <summary>What is to be said after a rollout that succeeded; empty when every container has our image.</summary>
    public IReadOnlyList<string> Remarks => this switch
    {
        { Denied: { } words } => [$"The running tasks' image digest was not compared with ours: {words}"],
        { Others.Count: > 0 } => [$"Running tasks have another image than the one that was rolled: {string.Join(", ", Others)}."],
        { Silent: > 0 } => [$"{Silent} running container(s) do not say which image digest they have, so it was not compared."],
        _ => [],
    };
}
