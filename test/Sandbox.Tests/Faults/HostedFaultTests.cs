using System.Net;
using System.Text.Json.Nodes;
using Sandbox.Faults;
using Sandbox.Tests.Wire;
using Sandbox.Worlds;
using Xunit;

namespace Sandbox.Tests.Faults;

/// <summary>Faults in a whole sandbox: from the world and from options, on the API and on the registry.</summary>
public sealed class HostedFaultTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_world_and_the_options_both_say_what_goes_wrong()
    {
        var world = DefaultWorld.Create() with { Faults = [new FaultRule { On = "ecs:ListClusters", Kind = FaultKind.Throttle }] };
        var options = new SandboxOptions { World = world, Faults = new FaultPlan(new FaultRule { On = "GET /v2/", Kind = FaultKind.ServerError, Status = 503 }) };
        await using var sandbox = await SandboxServer.StartAsync(options, Token);
        using var client = new SignedClient(sandbox.Endpoint, sandbox.KeysOf($"arn:aws:iam::{DefaultWorld.Dev}:user/admin"));
        using var http = new HttpClient { BaseAddress = sandbox.Endpoint };

        var throttled = await client.CallAsync("ecs", "ListClusters", [], Token);
        var served = await client.CallAsync("ecs", "ListClusters", [], Token);
        using var broken = await http.GetAsync(new Uri("/v2/", UriKind.Relative), Token);

        Assert.Equal("ThrottlingException", throttled.Code);
        Assert.Equal(HttpStatusCode.OK, served.Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, broken.StatusCode);
        Assert.Contains(sandbox.Requests, request => request.ErrorCode == "ThrottlingException");
    }

    [Fact]
    public async Task After_a_reset_the_work_is_done_or_not_as_the_fault_says()
    {
        var faults = new FaultPlan(
            new FaultRule { On = "ecs:CreateCluster", Kind = FaultKind.ResetBefore },
            new FaultRule { On = "ecs:CreateCluster", Kind = FaultKind.ResetAfter, First = 2 });
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Faults = faults }, Token);
        using var client = new SignedClient(sandbox.Endpoint, sandbox.KeysOf($"arn:aws:iam::{DefaultWorld.Dev}:user/admin"));

        await Assert.ThrowsAsync<HttpRequestException>(() => CreateAsync(client, "before"));
        await Assert.ThrowsAsync<HttpRequestException>(() => CreateAsync(client, "after"));
        var clusters = await client.CallAsync("ecs", "ListClusters", [], Token);

        Assert.Contains("cluster/after", clusters.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("cluster/before", clusters.Body, StringComparison.Ordinal);
    }

    private static Task<ApiAnswer> CreateAsync(SignedClient client, string name) => client.CallAsync("ecs", "CreateCluster", new JsonObject { ["clusterName"] = name }, Token);
}
