using Sandbox.Ecr;
using Xunit;

namespace Sandbox.Tests.Ecs;

/// <summary>Tasks get their images as ECS does; words from authorization.md §2.6, rules from §3.</summary>
public sealed class PullTests : IDisposable
{
    private const string Refusal = "User: x is not authorized to perform: ecr:BatchGetImage on resource: y because no resource-based policy allows the ecr:BatchGetImage action";
    private static readonly string Pinned = $"{Bench.Image[..^2]}@{Bench.DigestOf('b')}";
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task The_execution_role_pulls()
    {
        await _bench.SteadyAsync(1);
        Assert.StartsWith("arn:aws:sts::222222222222:role/task-execution/", _bench.Shelf.Pulled[0].Puller, StringComparison.Ordinal);
        Assert.Equal(Bench.DigestOf('a'), (string)(await _bench.TasksAsync())[0]["containers"]![0]!["imageDigest"]!);
    }

    [Fact]
    public async Task A_deployment_resolves_a_tag_once_and_a_new_one_resolves_it_again()
    {
        // API_ContainerImage; a re-pushed tag is not picked up without a new deployment (ecs.md §5.12).
        await _bench.SteadyAsync(1);
        _bench.Shelf.Digests[Bench.Image] = Bench.DigestOf('c');
        await _bench.CallAsync("UpdateService", """{"cluster":"dev","service":"web","desiredCount":2}""");
        _bench.Wait(60);
        Assert.All(await _bench.TasksAsync(), task => Assert.Equal(Bench.DigestOf('a'), (string)task["containers"]![0]!["imageDigest"]!));

        await _bench.CallAsync("UpdateService", """{"cluster":"dev","service":"web","forceNewDeployment":true}""");
        _bench.Wait(200);
        Assert.All(await _bench.TasksAsync(), task => Assert.Equal(Bench.DigestOf('c'), (string)task["containers"]![0]!["imageDigest"]!));
        var revision = (string)(await _bench.RolloutAsync())["targetServiceRevision"]!["arn"]!;
        var described = await _bench.CallAsync("DescribeServiceRevisions", $$"""{"serviceRevisionArns":["{{revision}}"]}""");
        Assert.Equal(Bench.DigestOf('c'), (string)described["serviceRevisions"]![0]!["containerImages"]![0]!["imageDigest"]!);
    }

    [Fact]
    public async Task A_missing_tag_fails_as_on_Fargate() => Assert.Equal(
        $"CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref {Bench.Image}: not found",
        await ReasonAsync(Bench.Image, new PullResult.Missing()));

    [Fact]
    public async Task A_missing_policy_fails_without_naming_the_action_on_Fargate() => Assert.Equal(
        $"CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref {Bench.Image}: "
        + "pulling from host 111111111111.dkr.ecr.eu-west-1.amazonaws.com failed with status code [manifests 1]: 403 Forbidden",
        await ReasonAsync(Bench.Image, new PullResult.Denied("ecr:BatchGetImage", Refusal)));

    [Fact]
    public async Task A_digest_that_may_not_be_read_fails_at_its_blob() => Assert.Equal(
        $"CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref {Pinned}: unexpected status from HEAD request to "
        + $"https://111111111111.dkr.ecr.eu-west-1.amazonaws.com/v2/shop/blobs/{Bench.DigestOf('b')}: 403 Forbidden",
        await ReasonAsync(Pinned, new PullResult.Denied("ecr:BatchGetImage", Refusal)));

    [Fact]
    public async Task A_role_without_a_token_fails_before_the_pull() => Assert.StartsWith(
        "ResourceInitializationError: unable to pull secrets or registry auth: ",
        await ReasonAsync(Bench.Image, new PullResult.Denied("ecr:GetAuthorizationToken", Refusal)),
        StringComparison.Ordinal);

    [Fact]
    public async Task A_wrong_platform_is_named() => Assert.EndsWith(
        "image Manifest does not contain descriptor matching platform 'linux/amd64'",
        await ReasonAsync(Bench.Image, new PullResult.WrongPlatform()),
        StringComparison.Ordinal);

    [Fact]
    public async Task A_secret_that_the_role_may_not_read_stops_the_task()
    {
        const string Secret = "arn:aws:secretsmanager:eu-west-1:222222222222:secret:db-AbCdEf";
        _bench.Gate.Refuses = request => request.Action == "secretsmanager:GetSecretValue";
        await _bench.StartAsync(1, definition: Bench.Definition(more: $$""","secrets":[{"name":"DB","valueFrom":"{{Secret}}:password::"}]"""));
        _bench.Wait(20);
        var reason = (string)(await _bench.TasksAsync("STOPPED"))[0]["stoppedReason"]!;
        Assert.StartsWith("ResourceInitializationError: unable to pull secrets or registry auth: ", reason, StringComparison.Ordinal);
        Assert.Contains(_bench.Gate.Asked, request => request.Resource == Secret);
    }

    [Fact]
    public async Task A_role_that_cannot_be_assumed_is_an_event_and_no_task()
    {
        _bench.Gate.MissingRoles.Add(Bench.Role);
        await _bench.StartAsync(1);
        _bench.Wait(20);
        Assert.Empty(await _bench.TasksAsync("STOPPED"));
        Assert.Contains(await _bench.EventsAsync(), text => text.Contains($"ECS was unable to assume the role '{Bench.Role}' that was provided for this task.", StringComparison.Ordinal));
    }

    private async Task<string> ReasonAsync(string image, PullResult result)
    {
        _bench.Shelf.Instead[image] = result;
        await _bench.StartAsync(1, definition: Bench.Definition(image: image));
        _bench.Wait(20);
        var task = (await _bench.TasksAsync("STOPPED"))[0];
        Assert.Equal("TaskFailedToStart", (string)task["stopCode"]!);
        return (string)task["stoppedReason"]!;
    }
}
