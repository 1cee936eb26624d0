using System.Text.Json.Nodes;
using EcsDeploy;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>What a deployment makes of the task definitions and services that it finds.</summary>
public sealed class EditingTests
{
    [Fact]
    public async Task The_config_file_sets_size_command_log_options_and_count()
    {
        await using var run = await PipeRun.StartAsync();
        await WriteAsync(run, "cpu: 512, memory: 1024, command: [serve, all], log-options: { mode: non-blocking }, desired-count: 2");

        Assert.Equal(ExitCode.Done, await DeployAsync(run));

        var definition = (await new Stranger(run).CallAsync("DescribeTaskDefinition", """{"taskDefinition":"shop:2"}"""))["taskDefinition"]!;
        Assert.Equal(("512", "1024"), ((string)definition["cpu"]!, (string)definition["memory"]!));
        var container = definition["containerDefinitions"]![0]!;
        Assert.Equal("""["serve","all"]""", container["command"]!.ToJsonString());
        Assert.Equal("non-blocking", (string)container["logConfiguration"]!["options"]!["mode"]!);
        Assert.Equal(2, (int)(await new Stranger(run).ServiceAsync())["runningCount"]!);
    }

    [Theory]
    [InlineData(3, "dev/shop: succeeded. The new version serves (shop:2).")]
    [InlineData(0, "dev/shop: scaled to zero. Nothing serves.")]
    public async Task Another_count_alone_changes_the_count_and_starts_no_rollout(int count, string said)
    {
        await using var run = await PipeRun.StartAsync();
        await WriteAsync(run, "desired-count: 1");
        await DeployAsync(run);
        var deployment = (string)(await new Stranger(run).ServiceAsync())["deployments"]![0]!["id"]!;
        await WriteAsync(run, $"desired-count: {count}");

        var exit = await DeployAsync(run);

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains(said, run.LastLine, StringComparison.Ordinal);
        var service = await new Stranger(run).ServiceAsync();
        Assert.Equal((deployment, count), ((string)service["deployments"]![0]!["id"]!, (int)service["runningCount"]!));
        Assert.Equal(["ecs:UpdateService 200"], run.Changes.Where(change => change.StartsWith("ecs:", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("WAIT", "false", 0, "dev/shop: started.")]
    [InlineData("WAIT_TIMEOUT", "2", 8, "dev/shop: timed out.")]
    public async Task Another_count_that_is_not_reached_in_time_is_no_success(string variable, string value, int expected, string said)
    {
        await using var run = await PipeRun.StartAsync();
        await WriteAsync(run, "desired-count: 1");
        await DeployAsync(run);
        run.Sandbox.Ecs.Behaviours.Add(new(new() { PullTime = TimeSpan.FromHours(1) }));
        await WriteAsync(run, "desired-count: 3");

        var exit = await DeployAsync(run, (variable, value));

        Assert.Equal(expected, (int)exit);
        Assert.Contains(said, run.LastLine, StringComparison.Ordinal);
        Assert.DoesNotContain("Recording in the registry", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_container_of_our_repository_gets_the_image()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithTaskDefinition(
            "{\"name\":\"shop\",\"image\":\"public.ecr.aws/nginx/nginx:latest\"",
            $"{{\"name\":\"jobs\",\"image\":\"{Step.Repository}:old\",\"essential\":false}},{{\"name\":\"proxy\",\"image\":\"public.ecr.aws/nginx/nginx:latest\",\"essential\":false}},{{\"name\":\"shop\",\"image\":\"{Step.Repository}:old\""));

        Assert.Equal(ExitCode.Done, await run.DeployAsync(("CONTAINER_NAME", null), ("SET_ENV_VARS", "A=1")));

        var definition = (await new Stranger(run).CallAsync("DescribeTaskDefinition", """{"taskDefinition":"shop"}"""))["taskDefinition"]!;
        var containers = definition["containerDefinitions"]!.AsArray().ToDictionary(container => (string)container!["name"]!, container => container!);
        Assert.StartsWith($"{Step.Repository}@sha256:", (string)containers["shop"]["image"]!, StringComparison.Ordinal);
        Assert.Equal((string)containers["shop"]["image"]!, (string)containers["jobs"]["image"]!);
        Assert.Equal("public.ecr.aws/nginx/nginx:latest", (string)containers["proxy"]["image"]!);
        Assert.All([containers["shop"], containers["jobs"]], container => Assert.Contains("\"A\"", container["environment"]!.ToJsonString(), StringComparison.Ordinal));
        Assert.DoesNotContain("\"A\"", containers["proxy"].ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_daemon_on_machines_of_the_cluster_is_rolled_and_then_left_alone()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithInstances(2)
            .WithService("\"desiredCount\":1,\"launchType\":\"FARGATE\"", "\"schedulingStrategy\":\"DAEMON\",\"launchType\":\"EC2\"")
            .WithService("\"maximumPercent\":200,\"minimumHealthyPercent\":100", "\"maximumPercent\":100,\"minimumHealthyPercent\":0")
            .WithTaskDefinition("[\"FARGATE\"]", "[\"EC2\"]"));
        await WriteAsync(run, "desired-count: 5");

        Assert.Equal(ExitCode.Done, await DeployAsync(run));
        Assert.Contains("dev/shop: succeeded. The new version serves (shop:2).", run.LastLine, StringComparison.Ordinal);
        Assert.Equal(2, (int)(await new Stranger(run).ServiceAsync())["runningCount"]!);

        Assert.Equal(ExitCode.Done, await DeployAsync(run));
        Assert.Contains("nothing to do", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_else_registered_and_never_rolled_is_warned_about_with_its_differences()
    {
        await using var run = await PipeRun.StartAsync();
        await new Stranger(run).RegisterAsync(definition => definition["containerDefinitions"]![0]!["environment"]!.AsArray().Add((JsonNode)new JsonObject { ["name"] = "NEW", ["value"] = "1" }));

        Assert.Equal(ExitCode.Done, await run.DeployAsync());

        Assert.Contains("shop: shop:2 is newer than what runs, registered by arn:aws:iam::222222222222:user/admin, and was never rolled", run.Log, StringComparison.Ordinal);
        Assert.Contains("Set TASK_DEFINITION to family:shop", run.Log, StringComparison.Ordinal);
        Assert.Contains("  shop: environment NEW: added (***)", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_our_own_earlier_run_registered_and_did_not_roll_is_nobody_elses()
    {
        await using var run = await PipeRun.StartAsync();
        run.Sandbox.Ecs.Behaviours.Add(new(new() { ExitAfter = TimeSpan.FromSeconds(5), ExitCode = 1 }) { Command = "migrate" });
        await run.DeployAsync(("BEFORE_DEPLOY", "migrate"));
        run.Publish("2.0");

        Assert.Equal(ExitCode.Done, await run.DeployAsync());

        Assert.DoesNotContain("is newer than what runs", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_registers_while_the_image_is_made_is_seen()
    {
        await using var run = await PipeRun.StartAsync();
        run.Faults.Add(new()
        {
            On = "POST /v2/shop/*",
            Kind = Sandbox.Faults.FaultKind.Slow,
            Duration = TimeSpan.FromSeconds(1),
            Meanwhile = () => new Stranger(run).RegisterAsync(definition => definition["memory"] = "1024").GetAwaiter().GetResult(),
        });

        await run.DeployAsync();

        Assert.Contains("shop: shop:2 is newer than what runs", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tags_of_a_promotion_are_put_on_the_digest()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync();

        Assert.Equal(ExitCode.Done, await run.PromoteAsync(("IMAGE", "from:dev"), ("TAGS", "released v1")));

        var repository = run.Sandbox.Registries.Of("111111111111", "eu-west-1").Find("shop")!;
        Assert.Equal(repository.Find("env-dev-41")!.Digest, repository.Find("released")?.Digest);
        Assert.Equal(repository.Find("env-dev-41")!.Digest, repository.Find("v1")?.Digest);
    }

    [Fact]
    public async Task A_tag_of_a_promotion_that_stands_elsewhere_for_ever_ends_it_before_anything_is_rolled()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithRepository(one => one with { Mutability = "IMMUTABLE" }));
        await run.DeployAsync(("TAGS", "v1"));
        run.Publish("2.0");
        await run.DeployAsync(("TAGS", "v2"));

        // The new tag stands before the other in the list: it must not be put all the same.
        Assert.Equal(ExitCode.Push, await run.PromoteAsync(("IMAGE", "from:dev"), ("TAGS", "new v1")));

        run.AssertRefused("The tag 'v1'", "stands on another image and the repository is immutable", "No service was rolled");
        Assert.Null(run.Sandbox.Registries.Of("111111111111", "eu-west-1").Find("shop")!.Find("new"));
    }

    [Theory]
    [InlineData("IMMUTABLE", 5)]
    [InlineData("MUTABLE", 0)]
    public async Task A_dry_run_of_a_promotion_tells_the_tags_and_fails_where_the_real_one_would(string mutability, int exit)
    {
        await using var run = await PipeRun.StartAsync(world => world.WithRepository(one => one with { Mutability = mutability }));
        await run.DeployAsync(("TAGS", "v1"));
        run.Publish("2.0");
        await run.DeployAsync(("TAGS", "v2"));

        Assert.Equal(exit, (int)await run.PromoteAsync(("IMAGE", "from:dev"), ("TAGS", "new v1"), ("DRY_RUN", "true")));

        Assert.Contains(exit == 0 ? "Put the tag new on the digest" : "The tag 'v1'", run.Log, StringComparison.Ordinal);
        Assert.Null(run.Sandbox.Registries.Of("111111111111", "eu-west-1").Find("shop")!.Find("new"));
    }

    private static Task WriteAsync(PipeRun run, string service) => File.WriteAllTextAsync(
        Path.Combine(run.Clone, "ecs-deploy.yml"),
        $"services:\n  shop: {{ {service} }}\nenvironments:\n  dev: {{ cluster: dev }}\n",
        TestContext.Current.CancellationToken);

    private static Task<ExitCode> DeployAsync(PipeRun run, params IReadOnlyList<(string Name, string? Value)> changes) =>
        run.DeployAsync([("SERVICE_NAME", null), ("SERVICES", "shop"), .. changes]);
}
