using System.Text.Json.Nodes;
using EcsDeploy;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>ACTION rollback on a service at rest: where to, with what, and what is on record then.</summary>
public sealed class RollbackTests
{
    [Theory]
    [InlineData("shop:2")]
    [InlineData("41")]
    [InlineData("0000000000000000000000000000000000000041")]
    [InlineData("digest")]
    public async Task It_goes_to_what_is_named_by_revision_build_commit_or_digest(string wish)
    {
        await using var run = await PipeRun.StartAsync();
        await DeployAsync(run, "1", "2", "3");

        var exit = await run.ActAsync("rollback", ("ROLLBACK_TO", wish == "digest" ? DigestOf(run, 41) : wish));

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("going back to shop:2 (commit 000000000000) (build 41)", run.Log, StringComparison.Ordinal);
        Assert.Equal("shop:2", await new Stranger(run).RunsAsync());
    }

    [Fact]
    public async Task Again_and_again_it_goes_further_back_and_at_the_end_says_so()
    {
        await using var run = await PipeRun.StartAsync();
        await DeployAsync(run, "1", "2", "3");

        var ran = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(ExitCode.Done, await run.ActAsync("rollback"));
            ran.Add(await new Stranger(run).RunsAsync());
        }

        Assert.Equal(["shop:3", "shop:2", "shop:1"], ran);
        Assert.Equal(ExitCode.Settings, await run.ActAsync("rollback"));
        run.AssertRefused("has no earlier revision that is known to have run steadily");
    }

    [Fact]
    public async Task What_was_gone_back_from_is_not_gone_back_to()
    {
        await using var run = await PipeRun.StartAsync();
        await DeployAsync(run, "1", "2");
        await run.ActAsync("rollback");
        await DeployAsync(run, "3");

        Assert.Equal(ExitCode.Done, await run.ActAsync("rollback"));

        Assert.Equal("shop:2", await new Stranger(run).RunsAsync());
    }

    [Fact]
    public async Task A_deregistered_revision_is_registered_again()
    {
        await using var run = await PipeRun.StartAsync();
        await DeployAsync(run, "1", "2");
        await new Stranger(run).CallAsync("DeregisterTaskDefinition", """{"taskDefinition":"shop:2"}""");

        Assert.Equal(ExitCode.Done, await run.ActAsync("rollback"));

        Assert.Equal("shop:4", await new Stranger(run).RunsAsync());
        Assert.Contains(DigestOf(run, 41), (await new Stranger(run).ContainerAsync("shop:4"))["image"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_that_is_gone_refuses_before_anything_is_changed()
    {
        await using var run = await PipeRun.StartAsync();
        await DeployAsync(run, "1", "2");
        var repository = Repository(run);
        repository.Remove(repository.Find("env-dev-41")!);

        Assert.Equal(ExitCode.Refused, await run.ActAsync("rollback"));

        run.AssertRefused("shop:2", "is no longer in the registry", "Nothing was changed");
    }

    [Fact]
    public async Task A_revision_that_names_its_image_by_a_tag_gets_the_image_that_it_ran()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync(("TAGS", "v1"));
        var ran = DigestOf(run, 41);
        var stranger = new Stranger(run);
        var definition = (await stranger.CallAsync("DescribeTaskDefinition", """{"taskDefinition":"shop:2"}"""))["taskDefinition"]!.ToJsonString();
        await stranger.CallAsync("RegisterTaskDefinition", Registrable(definition.Replace($"@{ran}", ":v1", StringComparison.Ordinal)));
        await run.DeployAsync(("TASK_DEFINITION", "shop:3"), ("TAGS", "v1"));
        run.Publish("2");
        await run.DeployAsync(("TAGS", "v1"));

        var exit = await run.ActAsync("rollback", ("ROLLBACK_TO", "shop:3"));

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("v1 stands on another image by now", run.Log, StringComparison.Ordinal);
        Assert.Equal($"{Step.Repository}@{ran}", (await stranger.ContainerAsync(await new Stranger(run).RunsAsync()))["image"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("shop:99")]
    [InlineData("feedfeedfeed")]
    public async Task What_is_not_known_is_answered_with_the_choices(string wish)
    {
        await using var run = await PipeRun.StartAsync();
        await DeployAsync(run, "1", "2");

        Assert.Equal(ExitCode.Settings, await run.ActAsync("rollback", ("ROLLBACK_TO", wish)));

        run.AssertRefused($"ROLLBACK_TO is '{wish}'", "It can be: shop:2 (commit 000000000000) (build 41), shop:1.");
    }

    [Fact]
    public async Task A_revision_that_never_ran_is_rolled_with_a_warning()
    {
        await using var run = await PipeRun.StartAsync();
        await DeployAsync(run, "1");
        var stranger = new Stranger(run);
        await stranger.CallAsync("RegisterTaskDefinition", Registrable((await stranger.CallAsync("DescribeTaskDefinition", """{"taskDefinition":"shop:1"}"""))["taskDefinition"]!.ToJsonString()));

        Assert.Equal(ExitCode.Done, await run.ActAsync("rollback", ("ROLLBACK_TO", "shop:3")));

        Assert.Contains("shop:3 is not known to have run steadily on service shop", run.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shop:2")]
    [InlineData(null)]
    public async Task A_role_that_may_not_see_rollouts_goes_back_by_a_name_or_by_the_registrys_record(string? wish)
    {
        await using var run = await PipeRun.StartAsync(world => world.WithoutRollouts());
        await DeployAsync(run, "1", "2");

        Assert.Equal(ExitCode.Done, await run.ActAsync("rollback", ("ROLLBACK_TO", wish)));

        Assert.Contains("Whether a rollout is under way on service shop cannot be seen", run.Log, StringComparison.Ordinal);
        Assert.Equal("shop:2", await new Stranger(run).RunsAsync());
    }

    [Fact]
    public async Task What_runs_after_it_is_what_is_promoted_from_there()
    {
        await using var run = await PipeRun.StartAsync();
        await DeployAsync(run, "1", "2");
        await run.ActAsync("rollback");

        Assert.Equal(ExitCode.Done, await run.PromoteAsync(("IMAGE", "from:dev")));

        Assert.Contains($"Promoting {Step.Repository}@{DigestOf(run, 41)}", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_services_one_that_cannot_be_rolled_does_not_hide_how_the_others_ended()
    {
        await using var denied = await PipeRun.StartAsync(world => world.WithMoreServices("worker").Denying(DefaultWorld.Dev, "deploy", "ecs:UpdateService", "arn:aws:ecs:*:*:service/dev/worker"));
        await DeployAsync(denied, "1", "2");

        var exit = await denied.ActAsync("rollback", ("SERVICE_NAME", "worker shop"), ("ROLLBACK_TO", "shop:3"));

        Assert.Equal(ExitCode.Access, exit);
        Assert.Contains("dev/worker: ", denied.Log, StringComparison.Ordinal);
        Assert.Contains("ecs:UpdateService", denied.Log, StringComparison.Ordinal);
        Assert.Contains("dev/worker: not rolled. The old version serves (shop:2).", denied.Log, StringComparison.Ordinal);
        Assert.Contains("dev/shop: succeeded.", denied.LastLine, StringComparison.Ordinal);
    }

    private static async Task DeployAsync(PipeRun run, params IReadOnlyList<string> versions)
    {
        foreach (var version in versions)
        {
            run.Publish(version);
            Assert.Equal(ExitCode.Done, await run.DeployAsync());
        }
    }

    private static global::Sandbox.Ecr.Repository Repository(PipeRun run) => run.Sandbox.Registries.Of(DefaultWorld.Registry, "eu-west-1").Find("shop")!;

    private static string DigestOf(PipeRun run, int build) => Repository(run).Find($"env-dev-{build}")!.Digest;

    /// <summary>What Describe answered, as Register takes it.</summary>
    private static string Registrable(string described)
    {
        var input = (JsonObject)JsonNode.Parse(described)!;
        foreach (var name in new[] { "taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt", "registeredBy" })
        {
            input.Remove(name);
        }

        return input.ToJsonString();
    }
}
