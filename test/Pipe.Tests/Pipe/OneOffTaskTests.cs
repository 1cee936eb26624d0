using System.Text.Json.Nodes;
using EcsDeploy;
using Sandbox.Ecs.Engine;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>BEFORE_DEPLOY and AFTER_DEPLOY, from variables to exit code.</summary>
public sealed class OneOffTaskTests
{
    [Fact]
    public async Task One_task_before_the_rollout_serves_all_services_that_ask_for_the_same()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithMoreServices("worker"));
        Behave(run, "migrate", 0);

        var exit = await run.DeployAsync(("SERVICE_NAME", "shop worker"), ("BEFORE_DEPLOY", "migrate"));

        Assert.Equal(ExitCode.Done, exit);
        Assert.Equal(1, Tasks(run));
        Assert.Contains("dotnet /app/Shop.Web.dll migrate", run.Log, StringComparison.Ordinal);
        Assert.Equal(["RunTask", "UpdateService", "UpdateService"], run.Requests.Select(request => request.Operation).Where(operation => operation is "RunTask" or "UpdateService"));
    }

    [Fact]
    public async Task A_task_that_fails_before_the_rollout_keeps_every_service_as_it_is_and_is_reported()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithMoreServices("worker"));
        Behave(run, "migrate", 1, "no database");

        var exit = await run.DeployAsync(
            ("SERVICE_NAME", "shop worker"), ("BEFORE_DEPLOY", "migrate"), ("REPORT", "true"), ("REPORT_PROXY", run.Sandbox.Endpoint.AbsoluteUri));

        Assert.Equal(ExitCode.TaskBeforeFailed, exit);
        Assert.DoesNotContain(run.Requests, request => request.Operation == "UpdateService");
        Assert.Equal(2, run.Sandbox.Insights.Reports.Count(report => (string)report.Body["result"]! == "FAILED"));
        var document = Document(run);
        Assert.Equal(10, (int)document["exitCode"]!);
        Assert.Equal(["not rolled", "not rolled"], document["services"]!.AsArray().Select(service => (string)service!["verdict"]!));
        Assert.Contains("Its last line: no database", document["services"]![0]!["reasons"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("dev/worker: not rolled. The old version serves (shop:2). shop:3 is registered and not used.", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_revision_that_a_failed_task_left_is_not_said_to_be_unused_when_it_is_the_one_that_runs()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync();
        Behave(run, "migrate", 1);

        var exit = await run.DeployAsync(("BEFORE_DEPLOY", "migrate"), ("FORCE_NEW_DEPLOYMENT", "true"));

        Assert.Equal(ExitCode.TaskBeforeFailed, exit);
        Assert.EndsWith("dev/shop: not rolled. The old version serves (shop:2).", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_comes_back_within_the_hour_gets_its_task_again()
    {
        await using var run = await PipeRun.StartAsync();
        Behave(run, "migrate", 0);
        foreach (var version in new[] { "1.0", "2.0", "1.0" })
        {
            run.Publish(version);
            Assert.Equal(ExitCode.Done, await run.DeployAsync(("BEFORE_DEPLOY", "migrate")));
            Assert.Equal(1, Tasks(run));
        }
    }

    [Fact]
    public async Task The_task_after_the_rollout_runs_on_the_new_version()
    {
        await using var run = await PipeRun.StartAsync();
        Behave(run, "smoke", 0);

        var exit = await run.DeployAsync(("AFTER_DEPLOY", "smoke"));

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("Running a task after the rollout with shop:2 in cluster dev, container shop: dotnet /app/Shop.Web.dll smoke", run.Log, StringComparison.Ordinal);
        Assert.NotNull(Record(run, 41));
    }

    [Fact]
    public async Task A_task_that_fails_after_the_rollout_is_the_end_and_the_rollout_stands()
    {
        await using var run = await PipeRun.StartAsync();
        Behave(run, "smoke", 3, "checking", "the shop is closed");

        var exit = await run.DeployAsync(("AFTER_DEPLOY", "smoke"));

        Assert.Equal(ExitCode.TaskAfterFailed, exit);
        Assert.Contains("shop: Its last line: the shop is closed", run.Log, StringComparison.Ordinal);
        Assert.EndsWith(
            "dev/shop: rolled, but the task after it failed. The new version serves (shop:2). To go back: ACTION=rollback with ROLLBACK_TO=shop:1.",
            run.LastLine, StringComparison.Ordinal);
        Assert.Null(Record(run, 41));
        Assert.Equal(11, (int)Document(run)["exitCode"]!);
    }

    [Fact]
    public async Task A_failed_task_after_the_rollout_is_made_up_for_by_the_next_run_before_the_success_is_recorded()
    {
        await using var run = await PipeRun.StartAsync();
        Behave(run, "smoke", 1);
        await run.DeployAsync(("AFTER_DEPLOY", "smoke"));

        Assert.Equal(ExitCode.TaskAfterFailed, await run.DeployAsync(("AFTER_DEPLOY", "smoke")));
        Assert.Equal(1, Tasks(run));
        Assert.Null(Record(run, 42));

        Behave(run, "smoke", 0);
        Assert.Equal(ExitCode.Done, await run.DeployAsync(("AFTER_DEPLOY", "smoke")));
        Assert.Equal(1, Tasks(run));
        Assert.DoesNotContain(run.Requests, request => request.Operation == "UpdateService");
        Assert.NotNull(Record(run, 43));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task A_task_after_the_rollout_that_succeeded_is_not_run_again_while_ECS_or_the_registry_remembers(int hours)
    {
        await using var run = await PipeRun.StartAsync();
        Behave(run, "smoke", 0);
        await run.DeployAsync(("AFTER_DEPLOY", "smoke"));
        await run.BesideAsync(clock => Task.Delay(TimeSpan.FromHours(hours), clock, TestContext.Current.CancellationToken));

        Assert.Equal(ExitCode.Done, await run.DeployAsync(("AFTER_DEPLOY", "smoke")));

        Assert.Equal(0, Tasks(run));
    }

    [Fact]
    public async Task A_promotion_reads_from_the_image_what_its_task_starts()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync();
        Behave(run, "migrate", 0);

        var exit = await run.PromoteAsync(("IMAGE", "from:dev"), ("BEFORE_DEPLOY", "migrate"));

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("container shop: dotnet /app/Shop.Web.dll migrate", run.Log, StringComparison.Ordinal);
        Assert.Single(run.Requests, request => request.Service == "registry" && request.Path.Contains("/blobs/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_configuration_that_may_not_be_read_only_costs_the_words()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync();
        run.Faults.Add(new() { On = "GET /v2/shop/blobs/*", Kind = Sandbox.Faults.FaultKind.ServerError, Count = null, Status = 403 });
        Behave(run, "migrate", 0);

        var exit = await run.PromoteAsync(("IMAGE", "from:dev"), ("BEFORE_DEPLOY", "migrate"));

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("container shop: (the image's entry point) migrate", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_task_runs_in_the_container_that_is_named()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithTaskDefinition(
            "\"containerDefinitions\":[", "\"containerDefinitions\":[{\"name\":\"tools\",\"image\":\"public.ecr.aws/tools/tools:1\",\"essential\":false,\"entryPoint\":[\"/tools\"]},"));
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { ExitAfter = TimeSpan.FromSeconds(5), ExitCode = 0 }) { Command = "migrate", Container = "tools" });

        var exit = await run.DeployAsync(("BEFORE_DEPLOY", "migrate"), ("BEFORE_DEPLOY_CONTAINER", "tools"));

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("container tools: /tools migrate", run.Log, StringComparison.Ordinal);
        Assert.Contains("Container tools has ended and the task's others run on", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_definition_of_its_own_gets_the_new_image()
    {
        await using var run = await PipeRun.StartAsync();
        await new Stranger(run).RegisterAsync(definition => (definition["family"], definition["containerDefinitions"]![0]!["name"]) = ("jobs", "job"));
        Behave(run, "migrate", 0);

        var exit = await run.DeployAsync(("BEFORE_DEPLOY", "migrate"), ("BEFORE_DEPLOY_TASK_DEFINITION", "jobs"));

        Assert.Equal(ExitCode.Done, exit);
        Assert.Equal((string)(await new Stranger(run).ContainerAsync())["image"]!, (string)(await new Stranger(run).ContainerAsync("jobs:2"))["image"]!);
        Assert.Contains("with jobs:2 in cluster dev, container job: dotnet /app/Shop.Web.dll migrate", run.Log, StringComparison.Ordinal);
    }

    private static void Behave(PipeRun run, string command, int ends, params IReadOnlyList<string> output) => run.Sandbox.Ecs.Behaviours.Add(
        new BehaviourRule(new TaskBehaviour { ExitAfter = TimeSpan.FromSeconds(5), ExitCode = ends, Output = output }) { Command = command });

    private static int Tasks(PipeRun run) => run.Requests.Count(request => request.Operation == "RunTask");

    private static string? Record(PipeRun run, int build) =>
        run.Sandbox.Registries.Of(DefaultWorld.Registry, "eu-west-1").Find("shop")!.Find($"env-dev-{build}")?.Digest;

    private static JsonNode Document(PipeRun run) => JsonNode.Parse(File.ReadAllText(Path.Combine(run.Clone, ".dotnet-ecs-deploy", "deployment.json")))!;
}
