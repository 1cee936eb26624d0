using EcsDeploy;
using Sandbox.Ecs;
using Sandbox.Faults;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>What goes wrong on the way does not change how a deployment ends, and never makes a second rollout or a second revision.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData("sts:*", FaultKind.Throttle)]
    [InlineData("sts:*", FaultKind.ServerError)]
    [InlineData("sts:*", FaultKind.ResetBefore)]
    [InlineData("sts:*", FaultKind.ResetAfter)]
    [InlineData("ecr:*", FaultKind.Throttle)]
    [InlineData("ecr:*", FaultKind.ServerError)]
    [InlineData("ecr:*", FaultKind.ResetBefore)]
    [InlineData("ecr:*", FaultKind.ResetAfter)]
    [InlineData("ecr:*", FaultKind.Cut)]
    [InlineData("ecr:*", FaultKind.Expired)]
    [InlineData("ecr:PutImage", FaultKind.ResetAfter)]
    [InlineData("ecs:Describe*", FaultKind.Throttle)]
    [InlineData("ecs:Describe*", FaultKind.ServerError)]
    [InlineData("ecs:Describe*", FaultKind.ResetBefore)]
    [InlineData("ecs:Describe*", FaultKind.Cut)]
    [InlineData("ecs:Describe*", FaultKind.Expired)]
    [InlineData("ecs:RegisterTaskDefinition", FaultKind.Throttle)]
    [InlineData("ecs:RegisterTaskDefinition", FaultKind.ServerError)]
    [InlineData("ecs:RegisterTaskDefinition", FaultKind.ResetBefore)]
    [InlineData("ecs:RegisterTaskDefinition", FaultKind.ResetAfter)]
    [InlineData("ecs:RegisterTaskDefinition", FaultKind.Cut)]
    [InlineData("ecs:UpdateService", FaultKind.Throttle)]
    [InlineData("ecs:UpdateService", FaultKind.ServerError)]
    [InlineData("ecs:UpdateService", FaultKind.ResetBefore)]
    [InlineData("ecs:UpdateService", FaultKind.ResetAfter)]
    [InlineData("ecs:UpdateService", FaultKind.Cut)]
    [InlineData("ecs:UpdateService", FaultKind.Expired)]
    [InlineData("ecs:List*", FaultKind.Throttle)]
    [InlineData("ecs:List*", FaultKind.ResetBefore)]
    [InlineData("POST /v2/shop/*", FaultKind.Throttle)]
    [InlineData("POST /v2/shop/*", FaultKind.ServerError)]
    [InlineData("POST /v2/shop/*", FaultKind.ResetAfter)]
    [InlineData("POST /v2/shop/*", FaultKind.Expired)]
    [InlineData("PUT /v2/shop/blobs/*", FaultKind.ServerError)]
    [InlineData("PUT /v2/shop/blobs/*", FaultKind.ResetBefore)]
    [InlineData("PUT /v2/shop/blobs/*", FaultKind.ResetAfter)]
    [InlineData("PUT /v2/shop/blobs/*", FaultKind.Expired)]
    [InlineData("ecr:PutImage", FaultKind.Throttle)]
    [InlineData("ecr:PutImage", FaultKind.ServerError)]
    [InlineData("ecr:PutImage", FaultKind.Expired)]
    [InlineData("GET /v2/*", FaultKind.ServerError)]
    [InlineData("GET /v2/*", FaultKind.Cut)]
    public async Task Trouble_once_with_a_call_is_overcome(string on, FaultKind kind)
    {
        await using var run = await PipeRun.StartAsync();
        run.Faults.Add(new FaultRule { On = on, Kind = kind });

        var exit = await run.DeployAsync();

        await AssertRolledOnceAsync(run, exit);
    }

    [Theory]
    [InlineData("ecs:*", FaultKind.Throttle)]
    [InlineData("ecs:*", FaultKind.ServerError)]
    [InlineData("ecr:*", FaultKind.Throttle)]
    public async Task Trouble_for_a_while_is_waited_out(string on, FaultKind kind)
    {
        await using var run = await PipeRun.StartAsync();
        run.Faults.Add(new FaultRule { On = on, Kind = kind, First = 3, Count = 2 });
        run.Faults.Add(new FaultRule { On = on, Kind = kind, First = 12, Count = 2 });

        var exit = await run.DeployAsync();

        await AssertRolledOnceAsync(run, exit);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    public async Task Reads_that_lag_behind_writes_are_not_believed_too_early(int seconds)
    {
        await using var run = await PipeRun.StartAsync(options: plain => plain with { Ecs = new EcsOptions { ReadLag = TimeSpan.FromSeconds(seconds) } });

        var exit = await run.DeployAsync();

        await AssertRolledOnceAsync(run, exit);
    }

    [Fact]
    public async Task A_lost_answer_and_lagging_reads_together_make_no_second_rollout()
    {
        await using var run = await PipeRun.StartAsync(options: plain => plain with { Ecs = new EcsOptions { ReadLag = TimeSpan.FromSeconds(4) } });
        run.Faults.Add(new FaultRule { On = "ecs:UpdateService", Kind = FaultKind.ResetAfter });

        var exit = await run.DeployAsync();

        await AssertRolledOnceAsync(run, exit);
    }

    [Fact]
    public async Task Pages_of_two_are_read_to_their_end()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithMoreServices("a", "b", "c", "d"), plain => plain with { PageSize = 2 });
        Assert.Equal(ExitCode.Settings, await run.DeployAsync(("SERVICE_NAME", "shopp")));
        Assert.Contains("a, b, c, d, shop", run.Log, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Done, await run.DeployAsync());
        Assert.Equal(ExitCode.Done, await run.PromoteAsync(("IMAGE", "from:dev"), ("PROMOTE_FROM", "dev")));
    }

    [Fact]
    public async Task ECS_that_cannot_be_asked_any_more_is_not_taken_for_a_failure()
    {
        await using var run = await PipeRun.StartAsync();
        run.Faults.Add(new FaultRule { On = "ecs:DescribeServices", Kind = FaultKind.ServerError, First = 4, Count = null });

        var exit = await run.DeployAsync(("WAIT_TIMEOUT", "3"));

        Assert.Equal(ExitCode.InFlight, exit);
        Assert.Contains("dev/shop: not seen to its end. What serves is not known.", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_that_answers_only_errors_ends_the_step_before_anything_is_rolled()
    {
        await using var run = await PipeRun.StartAsync();
        run.Faults.Add(new FaultRule { On = "PUT /v2/shop/blobs/*", Kind = FaultKind.ServerError, Count = null });

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.Push, exit);
        run.AssertRefused("111111111111.dkr.ecr.eu-west-1.amazonaws.com", "500");
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_middle_of_a_layer_is_no_more_than_a_delay()
    {
        await using var run = await PipeRun.StartAsync();
        var noise = new byte[8 << 20];
        Random.Shared.NextBytes(noise);
        await File.WriteAllBytesAsync(Path.Combine(run.Clone, "published", "wwwroot", "film.bin"), noise, TestContext.Current.CancellationToken);
        run.Faults.Add(new FaultRule { On = "PUT /v2/shop/blobs/*", Kind = FaultKind.ResetBefore, Count = 4 });

        var exit = await run.DeployAsync();

        await AssertRolledOnceAsync(run, exit);
    }

    [Fact]
    public async Task A_record_that_cannot_be_written_does_not_undo_the_success()
    {
        await using var run = await PipeRun.StartAsync();
        run.Faults.Add(new FaultRule { On = "ecr:PutImage", Kind = FaultKind.ServerError, First = 2, Count = null });

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("could not be recorded, so PROMOTE_FROM will refuse it", run.Log, StringComparison.Ordinal);
    }

    private static async Task AssertRolledOnceAsync(PipeRun run, ExitCode exit)
    {
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("dev/shop: succeeded. The new version serves (shop:2).", run.LastLine, StringComparison.Ordinal);
        var deployments = await new Stranger(run).CallAsync("ListServiceDeployments", """{"cluster":"dev","service":"shop"}""");
        var definitions = await new Stranger(run).CallAsync("ListTaskDefinitions", """{"familyPrefix":"shop"}""");
        Assert.Equal(2, deployments["serviceDeployments"]!.AsArray().Count);
        Assert.Equal(2, definitions["taskDefinitionArns"]!.AsArray().Count);
    }
}
