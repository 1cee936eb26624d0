using EcsDeploy.Aws;
using EcsDeploy.Time;

namespace EcsDeploy.Ecs;

/// <summary>Holds the image digests of a service's running tasks against the image that was rolled.</summary>
internal sealed class RunningImages(EcsClient ecs)
{
    /// <summary>Reads lag behind writes: so many looks in a row must see a stranger before it is believed.</summary>
    private const int LooksToBelieve = 5;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    public async Task<RunningDigests> LookAsync(RolloutRequest request, CancellationToken token)
    {
        if (request.Image is not { } image)
        {
            return RunningDigests.NotAsked;
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
        catch (AwsException fault) when (fault.IsAccessDenied || fault.IsTransient)
        {
            return new RunningDigests([], 0, 0) { Unseen = fault.AwsMessage };
        }
    }

    /// <summary>As <see cref="LookAsync"/> just after a rollout, when a read may still show the tasks of before.</summary>
    public async Task<RunningDigests> ConfirmAsync(RolloutRequest request, TimeProvider time, CancellationToken token)
    {
        for (var look = 1; ; look++)
        {
            var seen = await LookAsync(request, token);
            if (seen.Others.Count == 0 || look == LooksToBelieve)
            {
                return seen;
            }

            await Waiting.ForAsync(BetweenLooks, time, token);
        }
    }
}

/// <summary>The digests of running containers that should have our image.</summary>
/// <param name="Others">Digests that are not ours.</param>
/// <param name="Same">How many containers have ours.</param>
/// <param name="Silent">How many say none.</param>
internal sealed record RunningDigests(IReadOnlyList<string> Others, int Same, int Silent)
{
    /// <summary>There is no image to hold them against, so nobody looked.</summary>
    public static readonly RunningDigests NotAsked = new([], 0, 0);

    /// <summary>AWS's words when the tasks could not be seen; null when they could.</summary>
    public string? Unseen { get; init; }

    /// <summary>What was not seen and has to be said; empty when every container told its digest.</summary>
    public IReadOnlyList<string> Remarks => this switch
    {
        _ when ReferenceEquals(this, NotAsked) => [],
        { Unseen: { } words } => [$"Whether the running tasks have this image was not seen: {words}"],
        { Silent: > 0 } => [$"{Silent} running container(s) do not say which image digest they have, so whether it is this one was not seen."],
        { Same: 0, Others.Count: 0 } => ["No running task of this definition was seen, so whether the tasks have this image was not seen."],
        _ => [],
    };
}
