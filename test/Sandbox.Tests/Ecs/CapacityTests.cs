using Sandbox.Ecs.Engine;
using Sandbox.Worlds;
using Xunit;

namespace Sandbox.Tests.Ecs;

/// <summary>EC2 capacity, daemons, load balancers; sources: CreateService and DeploymentConfiguration in the ECS model, the ECS guide's service event messages.</summary>
public sealed class CapacityTests : IDisposable
{
    private const string Definition = """{"family":"web","cpu":"CPU","memory":"512","containerDefinitions":[{"name":"web","image":"nginx","portMappings":[{"containerPort":8080}]}]}""";
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_daemon_runs_once_on_every_instance_and_is_replaced_there()
    {
        Plant(3, "256", """{"serviceName":"web","schedulingStrategy":"DAEMON","launchType":"EC2"}""");
        Assert.Equal(3, (await _bench.TasksAsync()).Select(task => (string)task["containerInstanceArn"]!).Distinct().Count());
        await _bench.CallAsync("UpdateService", """{"cluster":"dev","service":"web","forceNewDeployment":true}""");
        _bench.Wait(300);
        Assert.Equal("SUCCESSFUL", await _bench.StatusAsync());
        Assert.Equal(3, (await _bench.TasksAsync()).Select(task => (string)task["containerInstanceArn"]!).Distinct().Count());
        Assert.Equal(3, (int)(await _bench.ServiceAsync())["desiredCount"]!);
    }

    [Fact]
    public async Task Tasks_that_find_no_room_wait_until_there_is_some()
    {
        Plant(1, "1024", """{"serviceName":"web","desiredCount":2,"launchType":"EC2"}""");
        await _bench.CallAsync("UpdateService", """{"cluster":"dev","service":"web","desiredCount":3}""");
        _bench.Wait(60);
        Assert.Equal(2, (await _bench.TasksAsync()).Count);
        Assert.Contains(await _bench.EventsAsync(), text => text.Contains("was unable to place a task because no container instance met all of its requirements.", StringComparison.Ordinal) && text.Contains("has insufficient CPU units available", StringComparison.Ordinal));
        var task = (await _bench.TasksAsync())[0];
        await _bench.CallAsync("StopTask", $$"""{"cluster":"dev","task":"{{task["taskArn"]}}"}""");
        _bench.Wait(60);
        Assert.Equal(2, (await _bench.TasksAsync()).Count);
    }

    [Fact]
    public async Task Without_an_execution_role_the_instance_pulls()
    {
        Plant(1, "256", """{"serviceName":"web","desiredCount":1,"launchType":"EC2"}""", Definition.Replace("\"nginx\"", $"\"{Bench.Image}\"", StringComparison.Ordinal));
        Assert.Single(await _bench.TasksAsync());
        Assert.StartsWith("arn:aws:sts::222222222222:role/instance/", _bench.Shelf.Pulled[0].Puller, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_a_load_balancer_a_task_counts_when_its_target_is_healthy_and_drains_before_it_stops()
    {
        await _bench.SteadyAsync(1, ""","loadBalancers":[{"targetGroupArn":"tg","containerName":"web","containerPort":8080}]""");
        await _bench.RollAsync(new TaskBehaviour { HealthyAfter = TimeSpan.FromSeconds(60) });
        _bench.Wait(60);
        Assert.Equal(2, (await _bench.ServiceAsync())["deployments"]!.AsArray().Count);
        _bench.Wait(60);
        Assert.Contains(await _bench.TasksAsync("STOPPED"), task => (string)task["lastStatus"]! == "DEACTIVATING");
        Assert.Equal("IN_PROGRESS", await _bench.StatusAsync());
        _bench.Wait(300);
        Assert.Equal("SUCCESSFUL", await _bench.StatusAsync());
        var events = await _bench.EventsAsync();
        Assert.Contains("(service web) registered 1 targets in (target-group tg)", events);
        Assert.Contains("(service web) has begun draining connections on 1 tasks.", events);
    }

    [Fact]
    public async Task A_target_that_fails_its_checks_is_stopped_with_the_codes()
    {
        _bench.Service.Behaviours.Add(new BehaviourRule(new TaskBehaviour { UnhealthyAfter = TimeSpan.FromHours(1), TargetReason = "Health checks failed with these codes: [500]" }) { Times = 1 });
        await _bench.SteadyAsync(1, ""","loadBalancers":[{"targetGroupArn":"tg","containerName":"web","containerPort":8080}]""");
        _bench.Wait(3700);
        var stopped = Assert.Single(await _bench.TasksAsync("STOPPED"));
        Assert.Equal("Task failed ELB health checks in (target-group tg)", (string)stopped["stoppedReason"]!);
        Assert.Contains("(service web) (port 8080) is unhealthy in (target-group tg) due to (reason Health checks failed with these codes: [500]).", await _bench.EventsAsync());
    }

    [Fact]
    public async Task In_the_grace_period_health_checks_are_ignored()
    {
        // UpdateService.healthCheckGracePeriodSeconds.
        _bench.Service.Behaviours.Add(new BehaviourRule(new TaskBehaviour { HealthyAfter = TimeSpan.FromSeconds(200) }));
        var check = Bench.Definition(more: ""","healthCheck":{"command":["CMD","x"],"interval":10,"retries":2}""");
        await _bench.StartAsync(1, ""","healthCheckGracePeriodSeconds":120""", check);
        _bench.Wait(110);
        Assert.Equal("UNHEALTHY", (string)Assert.Single(await _bench.TasksAsync())["healthStatus"]!);
        _bench.Wait(60);
        Assert.Equal("Task failed container health checks", (string)(await _bench.TasksAsync("STOPPED"))[0]["stoppedReason"]!);
    }

    private void Plant(int instances, string cpu, string service, string definition = Definition)
    {
        var cluster = new ClusterSeed
        {
            AccountId = Bench.Account,
            Name = "dev",
            Instances = instances,
            InstanceRole = "arn:aws:iam::222222222222:role/instance",
            Services = [new ServiceSeed { TaskDefinition = definition.Replace("CPU", cpu, StringComparison.Ordinal), Service = service }],
        };
        _bench.Service.Plant(DefaultWorld.Create() with { Clusters = [cluster] });
    }
}
