using System.Text.Json.Nodes;
using EcsDeploy;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>TASK_DEFINITION: what a deployment starts from, and a revision that runs as it is.</summary>
public sealed class TaskDefinitionSourceTests
{
    [Fact]
    public async Task A_family_brings_what_somebody_registered_and_did_not_roll()
    {
        await using var run = await PipeRun.StartAsync();
        await new Stranger(run).RegisterAsync(definition => Container(definition)["environment"]!.AsArray().Add((JsonNode)new JsonObject { ["name"] = "NEW", ["value"] = "1" }));

        var exit = await run.DeployAsync(("TASK_DEFINITION", "family:shop"));

        Assert.Equal(ExitCode.Done, exit);
        var container = await new Stranger(run).ContainerAsync("shop:3");
        Assert.Contains("\"NEW\"", container["environment"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal($"{Step.Repository}@{Digest(run, "env-dev-41")}", (string)container["image"]!);
    }

    [Fact]
    public async Task A_file_of_the_clone_is_what_is_registered()
    {
        await using var run = await PipeRun.StartAsync();
        var definition = (JsonObject)JsonNode.Parse(Step.World.Clusters[0].Services[0].TaskDefinition)!;
        (definition["cpu"], definition["memory"]) = ("512", "1024");
        await File.WriteAllTextAsync(Path.Combine(run.Clone, "task.json"), definition.ToJsonString(), TestContext.Current.CancellationToken);

        var exit = await run.DeployAsync(("TASK_DEFINITION", "task.json"));

        Assert.Equal(ExitCode.Done, exit);
        var registered = (await new Stranger(run).CallAsync("DescribeTaskDefinition", """{"taskDefinition":"shop:2"}"""))["taskDefinition"]!;
        Assert.Equal(("512", "1024"), ((string)registered["cpu"]!, (string)registered["memory"]!));
        Assert.Equal($"{Step.Repository}@{Digest(run, "env-dev-41")}", (string)registered["containerDefinitions"]![0]!["image"]!);
    }

    [Fact]
    public async Task A_revision_with_this_image_runs_as_it_is_and_again_there_is_nothing_to_do()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync();
        run.Publish("2.0");
        await run.DeployAsync();
        run.Publish("1.0");

        Assert.Equal(ExitCode.Done, await run.DeployAsync(("TASK_DEFINITION", "shop:2")));
        Assert.Equal(["ecs:UpdateService 200"], run.Changes.Where(change => change.StartsWith("ecs:", StringComparison.Ordinal)));
        Assert.Contains("dev/shop: succeeded. The new version serves (shop:2).", run.LastLine, StringComparison.Ordinal);
        Assert.Equal(Digest(run, "env-dev-41"), Digest(run, "env-dev-43"));

        Assert.Equal(ExitCode.Done, await run.DeployAsync(("TASK_DEFINITION", "shop:2")));
        Assert.Contains("nothing to do", run.LastLine, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Changes, change => change.StartsWith("ecs:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_revision_with_another_image_is_refused_with_both_digests_before_anything_is_rolled()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithMoreServices("worker"));
        await run.DeployAsync();
        var before = Digest(run, "env-dev-41")!;
        run.Publish("2.0");

        var exit = await run.DeployAsync(("TASK_DEFINITION", "shop:3"), ("TAGS", "v2"), ("SERVICE_NAME", "shop worker"));

        Assert.Equal(ExitCode.Settings, exit);
        Assert.Contains(before, run.Log, StringComparison.Ordinal);
        Assert.Contains(Digest(run, "v2")!, run.Log, StringComparison.Ordinal);
        Assert.Contains("Use TASK_DEFINITION live or family:shop", run.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Changes, change => change.StartsWith("ecs:", StringComparison.Ordinal));
        Assert.Null(Digest(run, "env-dev-42"));
    }

    [Fact]
    public async Task A_promotion_is_held_to_the_revision_too_and_a_dry_run_finds_it()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync();

        var exit = await run.PromoteAsync(("IMAGE", "from:dev"), ("TASK_DEFINITION", "shop:1"), ("DRY_RUN", "true"));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused("public.ecr.aws/nginx/nginx:latest", "no digest that is known in this registry", Digest(run, "env-dev-41")!);
    }

    [Theory]
    [InlineData("v1", 0)]
    [InlineData("v0", 2)]
    public async Task A_tag_of_our_repository_is_what_it_stands_on(string tag, int expected)
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync(("TAGS", "v0"));
        var revision = await new Stranger(run).RegisterAsync(definition => Container(definition)["image"] = $"{Step.Repository}:{tag}");
        run.Publish("2.0");

        Assert.Equal(expected, (int)await run.DeployAsync(("TASK_DEFINITION", revision), ("TAGS", "v1")));
    }

    [Fact]
    public async Task A_revision_that_was_deregistered_is_refused()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync();
        run.Publish("2.0");
        await run.DeployAsync();
        await new Stranger(run).CallAsync("DeregisterTaskDefinition", """{"taskDefinition":"shop:2"}""");

        var exit = await run.DeployAsync(("TASK_DEFINITION", "shop:2"));

        Assert.Equal(ExitCode.Settings, exit);
        Assert.Contains("Task definition shop:2 is INACTIVE", run.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Changes, change => change.StartsWith("ecs:", StringComparison.Ordinal));
    }

    private static JsonObject Container(JsonObject definition) => (JsonObject)definition["containerDefinitions"]![0]!;

    private static string? Digest(PipeRun run, string tag) => run.Sandbox.Registries.Of(DefaultWorld.Registry, "eu-west-1").Find("shop")!.Find(tag)?.Digest;
}
