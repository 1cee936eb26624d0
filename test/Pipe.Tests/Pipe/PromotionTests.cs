using EcsDeploy;
using Sandbox.Ecr;
using Sandbox.Ecs.Engine;
using Sandbox.Faults;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>The same digest goes to production: found by tag, digest or environment, held to its record, never built again.</summary>
public sealed class PromotionTests
{
    [Theory]
    [InlineData("tag")]
    [InlineData("digest")]
    [InlineData("from:dev")]
    public async Task What_dev_runs_is_found_by(string reference)
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync(("TAGS", "v7"));
        var digest = Find(run, "v7")!;

        var exit = await run.PromoteAsync(("IMAGE", reference switch { "tag" => "v7", "digest" => digest, _ => reference }), ("PROMOTE_FROM", "dev"));

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains($"{Step.Repository}@{digest}", run.Log, StringComparison.Ordinal);
        Assert.Equal(digest, Find(run, "env-production-42"));
        Assert.DoesNotContain(run.Requests, request => request.Service == "registry");
    }

    [Fact]
    public async Task A_version_that_was_taken_back_is_what_runs_in_dev()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync(("TAGS", "a"));
        run.Publish("2.0");
        await run.DeployAsync(("TAGS", "b"));
        run.Publish("1.0");
        await run.DeployAsync(("TAGS", "a"));

        var exit = await run.PromoteAsync(("IMAGE", "from:dev"), ("PROMOTE_FROM", "dev"));

        Assert.Equal(ExitCode.Done, exit);
        Assert.Equal(Find(run, "a"), Find(run, "env-dev-43"));
        Assert.Equal(Find(run, "a"), Find(run, "env-production-44"));
    }

    [Fact]
    public async Task A_record_that_somebody_else_writes_at_the_same_moment_is_followed_by_ours()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithRepository(one => one with { Mutability = "IMMUTABLE" }));
        var repository = run.Sandbox.Registries.Of(DefaultWorld.Registry, "eu-west-1").Find("shop")!;
        run.Faults.Add(new FaultRule
        {
            On = "ecr:PutImage",
            First = 2,
            Kind = FaultKind.Slow,
            Duration = TimeSpan.FromSeconds(1),
            Meanwhile = () => new SampleImage { Content = "another deployment's" }.PutInto(repository, "env-dev-41"),
        });

        Assert.Equal(ExitCode.Done, await run.DeployAsync(("TAGS", "mine")));

        Assert.Equal(Find(run, "mine"), Find(run, "env-dev-41.2"));
        Assert.NotEqual(Find(run, "mine"), Find(run, "env-dev-41"));
    }

    [Fact]
    public async Task The_same_promotion_again_has_nothing_to_do()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync();
        await run.PromoteAsync(("IMAGE", "from:dev"));

        var exit = await run.PromoteAsync(("IMAGE", "from:dev"));

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("production/shop: nothing to do.", run.LastLine, StringComparison.Ordinal);
        Assert.Empty(run.Changes);
    }

    [Fact]
    public async Task What_was_rolled_back_in_dev_is_not_promoted()
    {
        await using var run = await PipeRun.StartAsync();
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { ExitAfter = TimeSpan.Zero, ExitCode = 1 }));
        await run.DeployAsync(("TAGS", "broken"));

        var exit = await run.PromoteAsync(("IMAGE", "broken"), ("PROMOTE_FROM", "dev"));

        Assert.Equal(ExitCode.Refused, exit);
        run.AssertRefused("has not succeeded in 'dev'", "Nothing is on record for 'dev': deploy there first");
    }

    [Fact]
    public async Task What_ran_in_dev_before_is_promoted_still_and_what_runs_there_now_is_named_where_it_is_not()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync(("TAGS", "v1"));
        await run.DeployAsync(("TAGS", "v2"), ("SET_ENV_VARS", "A=1"));
        run.Publish("3.0");
        await run.DeployAsync(("ACTION", "push"), ("TAGS", "v3"), ("CLUSTER_NAME", null), ("SERVICE_NAME", null), ("CONTAINER_NAME", null));

        Assert.Equal(ExitCode.Refused, await run.PromoteAsync(("IMAGE", "v3"), ("PROMOTE_FROM", "dev")));
        run.AssertRefused("What ran there last is sha256:", "or promote IMAGE: from:dev");
        Assert.Equal(ExitCode.Done, await run.PromoteAsync(("IMAGE", "v1"), ("PROMOTE_FROM", "dev")));
    }

    [Fact]
    public async Task An_environment_that_never_ran_anything_has_nothing_to_promote()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.PromoteAsync(("IMAGE", "from:staging"));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused("on record as running in 'staging'", "name a tag or a digest in IMAGE");
    }

    [Fact]
    public async Task A_step_without_an_environment_of_its_own_deploys_and_records_nothing()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("BITBUCKET_DEPLOYMENT_ENVIRONMENT", null));

        Assert.Equal(ExitCode.Done, exit);
        Assert.DoesNotContain("Recording in the registry", run.Log, StringComparison.Ordinal);
    }

    private static string? Find(PipeRun run, string tag) => run.Sandbox.Registries.Of(DefaultWorld.Registry, "eu-west-1").Find("shop")!.Find(tag)?.Digest;
}
