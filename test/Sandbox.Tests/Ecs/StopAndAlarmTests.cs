using Xunit;

namespace Sandbox.Tests.Ecs;

/// <summary>StopServiceDeployment and alarms; sources: StopServiceDeployment, DeploymentAlarms, ServiceDeploymentAlarms in the ECS model.</summary>
public sealed class StopAndAlarmTests : IDisposable
{
    private const string Alarm = ""","deploymentConfiguration":{"alarms":{"alarmNames":["errors"],"enable":true,"rollback":ROLL} }""";
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public async Task A_deployment_in_progress_is_stopped_and_rolled_back_though_rollback_was_not_configured(int after)
    {
        await _bench.SteadyAsync();
        await _bench.RollAsync();
        _bench.Wait(after);
        await StopAsync();
        _bench.Wait(120);
        var rollout = await _bench.RolloutAsync();
        Assert.Equal("ROLLBACK_SUCCESSFUL", (string)rollout["status"]!);
        Assert.NotNull(rollout["rollback"]!["serviceRevisionArn"]);
        Assert.All(await _bench.TasksAsync(), task => Assert.EndsWith("web:1", (string)task["taskDefinitionArn"]!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_has_ended_or_is_ending_cannot_be_stopped()
    {
        await _bench.SteadyAsync();
        Assert.Equal("ConflictException", (await Assert.ThrowsAsync<Sandbox.Wire.ApiException>(() => StopAsync())).Code);
        await _bench.RollAsync();
        await StopAsync();
        Assert.Equal("ConflictException", (await Assert.ThrowsAsync<Sandbox.Wire.ApiException>(() => StopAsync())).Code);
    }

    [Fact]
    public async Task Only_a_rollback_stops_and_only_what_is_there()
    {
        await _bench.SteadyAsync();
        await _bench.RollAsync();
        Assert.Equal("InvalidParameterException", (await Assert.ThrowsAsync<Sandbox.Wire.ApiException>(() => StopAsync("ABORT"))).Code);
        var none = """{"serviceDeploymentArn":"arn:aws:ecs:eu-west-1:222222222222:service-deployment/dev/web/none"}""";
        Assert.Equal("ServiceDeploymentNotFoundException", (await _bench.FailAsync("StopServiceDeployment", none)).Code);
    }

    [Theory]
    [InlineData("true", "ROLLBACK_SUCCESSFUL", "web:1")]
    [InlineData("false", "STOPPED", "web:2")]
    public async Task An_alarm_that_goes_off_fails_the_deployment(string rollback, string outcome, string definition)
    {
        await _bench.SteadyAsync(2, Alarm.Replace("ROLL", rollback, StringComparison.Ordinal));
        await _bench.RollAsync();
        _bench.Wait(120);
        Assert.Equal("IN_PROGRESS", await _bench.StatusAsync());
        _bench.Service.SetAlarm(Bench.Account, "other");
        Assert.Equal("MONITORING", (string)(await _bench.RolloutAsync())["alarms"]!["status"]!);
        _bench.Service.SetAlarm(Bench.Account, "errors");
        _bench.Wait(300);
        var rollout = await _bench.RolloutAsync();
        Assert.Equal((outcome, "TRIGGERED", "errors"), ((string)rollout["status"]!, (string)rollout["alarms"]!["status"]!, (string)rollout["alarms"]!["triggeredAlarmNames"]![0]!));
        Assert.EndsWith(definition, (string)(await _bench.ServiceAsync())["taskDefinition"]!, StringComparison.Ordinal);
        Assert.Contains(await _bench.EventsAsync(), text => text.EndsWith("deployment failed: alarm detected.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_alarm_after_the_end_changes_nothing()
    {
        await _bench.SteadyAsync(2, Alarm.Replace("ROLL", "true", StringComparison.Ordinal));
        await _bench.RollAsync();
        _bench.Wait(900);
        _bench.Service.SetAlarm(Bench.Account, "errors");
        _bench.Wait(120);
        Assert.Equal("SUCCESSFUL", await _bench.StatusAsync());
    }

    private async Task StopAsync(string type = "ROLLBACK")
    {
        var arn = (string)(await _bench.RolloutAsync())["serviceDeploymentArn"]!;
        await _bench.CallAsync("StopServiceDeployment", $$"""{"serviceDeploymentArn":"{{arn}}","stopType":"{{type}}"}""");
    }
}
