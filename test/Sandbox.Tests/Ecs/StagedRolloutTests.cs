using System.Text.Json.Nodes;
using Sandbox.Ecs.Engine;
using Xunit;

namespace Sandbox.Tests.Ecs;

/// <summary>Blue/green, linear, canary, lifecycle hooks; sources: ServiceDeployment.lifecycleStage, DeploymentLifecycleHook, ContinueServiceDeployment and their kin in the ECS model.</summary>
public sealed class StagedRolloutTests : IDisposable
{
    private const string BlueGreen = "\"strategy\":\"BLUE_GREEN\",\"bakeTimeInMinutes\":5";
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Blue_and_green_run_side_by_side_until_the_traffic_has_moved_and_baked()
    {
        await PrepareAsync(BlueGreen);
        await _bench.RollAsync();
        var stages = await WatchAsync();
        Assert.Equal(
            [
                "PRE_SCALE_UP 100/0", "SCALE_UP 100/0", "POST_SCALE_UP 100/0", "TEST_TRAFFIC_SHIFT 100/0", "POST_TEST_TRAFFIC_SHIFT 100/0",
                "PRODUCTION_TRAFFIC_SHIFT 0/100", "POST_PRODUCTION_TRAFFIC_SHIFT 0/100", "BAKE_TIME 0/100", "CLEAN_UP 0/100",
            ],
            stages);
        Assert.Equal("SUCCESSFUL", await _bench.StatusAsync());
        var service = await _bench.ServiceAsync();
        Assert.EndsWith("web:2", (string)Assert.Single(service["deployments"]!.AsArray())!["taskDefinition"]!, StringComparison.Ordinal);
        Assert.Null(service["deployments"]![0]!["rolloutState"]);
    }

    [Theory]
    [InlineData("\"strategy\":\"LINEAR\",\"linearConfiguration\":{\"stepPercent\":40,\"stepBakeTimeInMinutes\":2}", "60/40 20/80 0/100", 4)]
    [InlineData("\"strategy\":\"CANARY\",\"canaryConfiguration\":{\"canaryPercent\":5,\"canaryBakeTimeInMinutes\":10}", "95/5 0/100", 10)]
    [InlineData("\"strategy\":\"CANARY\"", "95/5 0/100", 10)]
    public async Task Traffic_moves_in_the_steps_of_the_strategy(string strategy, string weights, int minutes)
    {
        await PrepareAsync(strategy);
        var start = _bench.Clock.GetUtcNow();
        await _bench.RollAsync();
        var stages = await WatchAsync();
        Assert.Equal(weights, string.Join(' ', stages.Where(stage => stage.StartsWith("PRODUCTION_TRAFFIC_SHIFT", StringComparison.Ordinal)).Select(stage => stage.Split(' ')[1])));
        Assert.InRange((_bench.Clock.GetUtcNow() - start).TotalMinutes, minutes, minutes + 4);
    }

    [Fact]
    public async Task While_baking_both_revisions_run_and_a_stop_brings_blue_back()
    {
        await PrepareAsync(BlueGreen);
        await _bench.RollAsync();
        await UntilStageAsync("BAKE_TIME");
        Assert.Equal(4, (int)(await _bench.ServiceAsync())["runningCount"]!);
        var arn = (string)(await _bench.RolloutAsync())["serviceDeploymentArn"]!;
        await _bench.CallAsync("StopServiceDeployment", $$"""{"serviceDeploymentArn":"{{arn}}","stopType":"ROLLBACK"}""");
        Assert.Equal("ROLLBACK_REQUESTED", await _bench.StatusAsync());
        _bench.Wait(120);
        var rollout = await _bench.RolloutAsync();
        Assert.Equal("ROLLBACK_SUCCESSFUL", (string)rollout["status"]!);
        Assert.Equal(100, (double)rollout["sourceServiceRevisions"]![0]!["requestedProductionTrafficWeight"]!);
        Assert.All(await _bench.TasksAsync(), task => Assert.EndsWith("web:1", (string)task["taskDefinitionArn"]!, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("CONTINUE", "SUCCEEDED", "SUCCESSFUL")]
    [InlineData("ROLLBACK", "FAILED", "ROLLBACK_SUCCESSFUL")]
    public async Task A_pause_waits_until_somebody_decides(string action, string hook, string outcome)
    {
        await PrepareAsync(BlueGreen);
        await _bench.RollAsync(more: ",\"deploymentConfiguration\":{\"lifecycleHooks\":[{\"targetType\":\"PAUSE\",\"lifecycleStages\":[\"POST_TEST_TRAFFIC_SHIFT\"],\"timeoutConfiguration\":{\"timeoutInMinutes\":60}}]}");
        _bench.Wait(1800);
        var rollout = await _bench.RolloutAsync();
        var details = Assert.Single(rollout["lifecycleHookDetails"]!.AsArray())!;
        Assert.Equal(("IN_PROGRESS", "POST_TEST_TRAFFIC_SHIFT", "AWAITING_ACTION", "ROLLBACK"), ((string)rollout["status"]!, (string)rollout["lifecycleStage"]!, (string)details["status"]!, (string)details["timeoutAction"]!));

        var input = $$"""{"serviceDeploymentArn":"{{rollout["serviceDeploymentArn"]}}","hookId":"{{details["hookId"]}}","action":"{{action}}"}""";
        Assert.Equal("InvalidParameterException", (await _bench.FailAsync("ContinueServiceDeployment", input.Replace((string)details["hookId"]!, "other", StringComparison.Ordinal))).Code);
        await _bench.CallAsync("ContinueServiceDeployment", input);
        Assert.Equal("InvalidParameterException", (await _bench.FailAsync("ContinueServiceDeployment", input)).Code);
        _bench.Wait(600);
        rollout = await _bench.RolloutAsync();
        Assert.Equal((outcome, hook), ((string)rollout["status"]!, (string)rollout["lifecycleHookDetails"]![0]!["status"]!));
    }

    [Theory]
    [InlineData("", "ROLLBACK_SUCCESSFUL")]
    [InlineData(",\"action\":\"CONTINUE\"", "SUCCESSFUL")]
    public async Task A_pause_that_nobody_ends_times_out(string action, string outcome)
    {
        await PrepareAsync(BlueGreen);
        await _bench.RollAsync(more: $",\"deploymentConfiguration\":{{\"lifecycleHooks\":[{{\"targetType\":\"PAUSE\",\"lifecycleStages\":[\"PRE_SCALE_UP\"],\"timeoutConfiguration\":{{\"timeoutInMinutes\":60{action}}}}}]}}");
        _bench.Wait(3000);
        Assert.Equal("IN_PROGRESS", await _bench.StatusAsync());
        _bench.Wait(1500);
        var rollout = await _bench.RolloutAsync();
        Assert.Equal((outcome, "TIMED_OUT"), ((string)rollout["status"]!, (string)rollout["lifecycleHookDetails"]![0]!["status"]!));
    }

    [Theory]
    [InlineData(true, "SUCCESSFUL", null)]
    [InlineData(false, "ROLLBACK_SUCCESSFUL", "Service deployment rolled back because POST_SCALE_UP lifecycle hook(s) failed. Lifecycle hook target arn:f returned FAILED status.")]
    public async Task A_function_decides_at_its_stage(bool succeeds, string outcome, string? reason)
    {
        _bench.Service.Functions.Set("arn:f", new HookBehaviour(succeeds) { After = TimeSpan.FromSeconds(30) });
        await PrepareAsync(BlueGreen);
        var hook = BlueGreen + ",\"lifecycleHooks\":[{\"hookTargetArn\":\"arn:f\",\"roleArn\":\"r\",\"lifecycleStages\":[\"POST_SCALE_UP\"]}]";
        await _bench.RollAsync(more: $",\"deploymentConfiguration\":{{{hook}}}");
        _bench.Wait(900);
        var rollout = await _bench.RolloutAsync();
        Assert.Equal((outcome, reason), ((string)rollout["status"]!, (string?)rollout["statusReason"]));
    }

    [Fact]
    public async Task Green_that_does_not_start_never_gets_traffic_and_the_breaker_ends_it()
    {
        await PrepareAsync(BlueGreen + ",\"deploymentCircuitBreaker\":{\"enable\":true,\"rollback\":true}");
        await _bench.RollAsync(new TaskBehaviour { ExitAfter = TimeSpan.Zero, ExitCode = 1 });
        var stages = await WatchAsync();
        Assert.Equal("SCALE_UP 100/0", stages[^1]);
        Assert.Equal("ROLLBACK_SUCCESSFUL", await _bench.StatusAsync());
    }

    [Theory]
    [InlineData("\"strategy\":\"BLUE_GREEN\"", "bakeTimeInMinutes must be specified for the BLUE_GREEN deployment strategy.")]
    [InlineData("\"linearConfiguration\":{\"stepPercent\":10}", "linearConfiguration is only valid for the LINEAR deployment strategy.")]
    [InlineData("\"strategy\":\"LINEAR\",\"linearConfiguration\":{\"stepPercent\":2}", "stepPercent is out of range.")]
    [InlineData(BlueGreen + ",\"lifecycleHooks\":[{\"targetType\":\"PAUSE\",\"lifecycleStages\":[\"PRODUCTION_TRAFFIC_SHIFT\"]}]", "PAUSE hooks cannot be configured at TEST_TRAFFIC_SHIFT or PRODUCTION_TRAFFIC_SHIFT stages.")]
    [InlineData(BlueGreen + ",\"lifecycleHooks\":[{\"lifecycleStages\":[\"PRE_SCALE_UP\"]}]", "hookTargetArn must be specified for an AWS_LAMBDA lifecycle hook.")]
    public async Task A_configuration_is_checked(string configuration, string refusal)
    {
        await _bench.SteadyAsync(1);
        Assert.Equal(refusal, (await _bench.FailAsync("UpdateService", $$"""{"cluster":"dev","service":"web","deploymentConfiguration":{{{configuration}}} }""")).Message);
    }

    private async Task PrepareAsync(string configuration) => await _bench.SteadyAsync(2, $",\"deploymentConfiguration\":{{{configuration}}}");

    private async Task UntilStageAsync(string stage)
    {
        while ((string?)(await _bench.RolloutAsync())["lifecycleStage"] != stage)
        {
            _bench.Wait(1);
        }
    }

    /// <summary>Every stage with the weights of blue and green, until the deployment has ended.</summary>
    private async Task<List<string>> WatchAsync()
    {
        var seen = new List<string>();
        for (var second = 0; second < 7200; second++)
        {
            _bench.Wait(0.5);
            var rollout = await _bench.RolloutAsync();
            if ((string)rollout["status"]! is not ("PENDING" or "IN_PROGRESS") and not "ROLLBACK_REQUESTED" and not "ROLLBACK_IN_PROGRESS")
            {
                break;
            }

            if ((string?)rollout["lifecycleStage"] is { } stage && (string)rollout["status"]! == "IN_PROGRESS")
            {
                var line = $"{stage} {Weight(rollout["sourceServiceRevisions"]![0]!)}/{Weight(rollout["targetServiceRevision"]!)}";
                if (seen.Count == 0 || seen[^1] != line)
                {
                    seen.Add(line);
                }
            }
        }

        return [.. seen.Where((line, index) => !line.StartsWith("PRODUCTION_TRAFFIC_SHIFT", StringComparison.Ordinal) || index == 0 || line.Split(' ')[1] != seen[index - 1].Split(' ')[1] || seen[index - 1].StartsWith("PRE_", StringComparison.Ordinal))];
    }

    private static double Weight(JsonNode revision) => (double)revision["requestedProductionTrafficWeight"]!;
}
