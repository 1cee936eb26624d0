using Sandbox.Ecs.Engine;
using Xunit;

namespace Sandbox.Tests.Ecs;

/// <summary>Rolling updates; sources: DeploymentConfiguration, UpdateService, ServiceDeployment in the ECS model, ECS guide on service deployments.</summary>
public sealed class RollingUpdateTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_new_service_reaches_its_desired_count_and_a_steady_state()
    {
        await _bench.StartAsync(3);
        Assert.Equal(0, (int)(await _bench.ServiceAsync())["runningCount"]!);
        _bench.Wait(120);

        var service = await _bench.ServiceAsync();
        Assert.Equal(3, (int)service["runningCount"]!);
        Assert.Equal("COMPLETED", (string)service["deployments"]![0]!["rolloutState"]!);
        Assert.Matches("^ecs-svc/[0-9]{19}$", (string)service["deployments"]![0]!["id"]!);
        var events = await _bench.EventsAsync();
        Assert.Matches(@"^\(service web\) has started 3 tasks: \(task [0-9a-f]{32}\) \(task [0-9a-f]{32}\) \(task [0-9a-f]{32}\)\.$", events[0]);
        Assert.Equal("(service web) has reached a steady state.", events[^1]);
    }

    [Fact]
    public async Task A_new_definition_replaces_the_old_tasks_without_ever_going_below_the_minimum()
    {
        await _bench.SteadyAsync();
        await _bench.RollAsync();
        for (var second = 0; second < 200; second++)
        {
            _bench.Wait(1);
            var running = (int)(await _bench.ServiceAsync())["runningCount"]!;
            Assert.InRange(running, 2, 4);
        }

        var service = await _bench.ServiceAsync();
        var deployment = Assert.Single(service["deployments"]!.AsArray())!;
        Assert.EndsWith("task-definition/web:2", (string)deployment["taskDefinition"]!, StringComparison.Ordinal);
        Assert.Equal("SUCCESSFUL", await _bench.StatusAsync());
        Assert.All(await _bench.TasksAsync(), task => Assert.Equal((string)deployment["id"]!, (string)task["startedBy"]!));
    }

    [Fact]
    public async Task Where_the_maximum_leaves_no_room_old_tasks_stop_first_down_to_the_minimum()
    {
        await _bench.SteadyAsync(4, ""","deploymentConfiguration":{"maximumPercent":100,"minimumHealthyPercent":50}""");
        await _bench.RollAsync();
        var least = 4;
        for (var second = 0; second < 300; second++)
        {
            _bench.Wait(1);
            var service = await _bench.ServiceAsync();
            least = Math.Min(least, (int)service["runningCount"]!);
            Assert.InRange((int)service["runningCount"]! + (int)service["pendingCount"]!, 0, 4);
        }

        Assert.Equal(2, least);
        Assert.Equal("SUCCESSFUL", await _bench.StatusAsync());
    }

    [Fact]
    public async Task The_answer_of_UpdateService_names_the_new_deployment_id_but_the_old_service_deployment()
    {
        // containers-roadmap#2709: UpdateService does not return the service deployment.
        await _bench.SteadyAsync();
        var before = await _bench.ServiceAsync();
        var answer = (await _bench.RollAsync())["service"]!;
        Assert.NotEqual((string)before["deployments"]![0]!["id"]!, (string)answer["deployments"]![0]!["id"]!);
        Assert.Equal("PRIMARY", (string)answer["deployments"]![0]!["status"]!);
        Assert.Equal((string)before["currentServiceDeployment"]!, (string)answer["currentServiceDeployment"]!);

        _bench.Wait(3);
        var later = await _bench.ServiceAsync();
        Assert.Equal((string)answer["deployments"]![0]!["id"]!, (string)later["deployments"]![0]!["id"]!);
        Assert.NotEqual((string)before["currentServiceDeployment"]!, (string)later["currentServiceDeployment"]!);
    }

    [Fact]
    public async Task A_deployment_that_another_replaces_is_stopped_with_that_reason()
    {
        await _bench.SteadyAsync();
        await _bench.RollAsync();
        _bench.Wait(10);
        await _bench.RollAsync();
        var replaced = await _bench.RolloutAsync(1);
        Assert.Equal("STOPPED", (string)replaced["status"]!);
        Assert.Equal("Replaced by a new service deployment.", (string)replaced["statusReason"]!);

        _bench.Wait(300);
        Assert.Equal("SUCCESSFUL", await _bench.StatusAsync());
        Assert.EndsWith("web:3", (string)Assert.Single((await _bench.ServiceAsync())["deployments"]!.AsArray())!["taskDefinition"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""","desiredCount":4""", false)]
    [InlineData(""","propagateTags":"SERVICE" """, false)]
    [InlineData(""","deploymentConfiguration":{"maximumPercent":150}""", false)]
    [InlineData(""","taskDefinition":"web:1" """, false)]
    [InlineData(""","forceNewDeployment":true""", true)]
    [InlineData(""","networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-2"]} }""", true)]
    public async Task Only_what_the_model_says_starts_a_deployment(string change, bool starts)
    {
        await _bench.SteadyAsync();
        await _bench.CallAsync("UpdateService", $$"""{"cluster":"dev","service":"web"{{change}}}""");
        var list = await _bench.CallAsync("ListServiceDeployments", """{"cluster":"dev","service":"web"}""");
        Assert.Equal(starts ? 2 : 1, list["serviceDeployments"]!.AsArray().Count);
    }

    [Fact]
    public async Task Scaling_starts_and_stops_tasks_without_a_deployment()
    {
        await _bench.SteadyAsync();
        await _bench.CallAsync("UpdateService", """{"cluster":"dev","service":"web","desiredCount":5}""");
        _bench.Wait(60);
        Assert.Equal(5, (await _bench.TasksAsync()).Count);
        await _bench.CallAsync("UpdateService", """{"cluster":"dev","service":"web","desiredCount":0}""");
        _bench.Wait(60);
        Assert.Empty(await _bench.TasksAsync());
        var stopped = await _bench.TasksAsync("STOPPED");
        Assert.All(stopped, task => Assert.StartsWith("Scaling activity initiated by (deployment ecs-svc/", (string)task["stoppedReason"]!, StringComparison.Ordinal));
        Assert.All(stopped, task => Assert.Equal("ServiceSchedulerInitiated", (string)task["stopCode"]!));
    }

    [Fact]
    public async Task A_deployment_at_desired_count_zero_succeeds_with_nothing_running()
    {
        // ecs.md §4.1 (c): a false success for every waiter that only counts.
        await _bench.SteadyAsync(0);
        await _bench.RollAsync();
        _bench.Wait(60);
        Assert.Equal("SUCCESSFUL", await _bench.StatusAsync());
        Assert.Equal(0, (int)(await _bench.ServiceAsync())["runningCount"]!);
    }

    [Fact]
    public async Task A_crashed_task_of_a_steady_service_is_replaced()
    {
        _bench.Service.Behaviours.Add(new BehaviourRule(new TaskBehaviour { ExitAfter = TimeSpan.FromMinutes(10), ExitCode = 139 }) { Image = ":1", Times = 1 });
        await _bench.SteadyAsync();
        _bench.Wait(400);
        var crashed = Assert.Single(await _bench.TasksAsync("STOPPED"));
        Assert.Equal(139, (int)crashed["containers"]![0]!["exitCode"]!);
        Assert.Equal("EssentialContainerExited", (string)crashed["stopCode"]!);
        Assert.Equal("Essential container in task exited", (string)crashed["stoppedReason"]!);
        Assert.Equal(2, (int)(await _bench.ServiceAsync())["runningCount"]!);
    }

    [Fact]
    public async Task Stopped_tasks_are_hidden_at_first_and_gone_after_an_hour()
    {
        // DescribeTasks: stopped tasks appear for at least one hour.
        await _bench.SteadyAsync();
        var task = (await _bench.TasksAsync())[0];
        await _bench.CallAsync("StopTask", $$"""{"cluster":"dev","task":"{{task["taskArn"]}}","reason":"by hand"}""");
        _bench.Wait(60);
        Assert.DoesNotContain(await _bench.TasksAsync(), other => (string)other["taskArn"]! == (string)task["taskArn"]!);
        var stopped = Assert.Single(await _bench.TasksAsync("STOPPED"));
        Assert.Equal(("UserInitiated", "by hand"), ((string)stopped["stopCode"]!, (string)stopped["stoppedReason"]!));

        _bench.Wait(3600);
        Assert.Empty(await _bench.TasksAsync("STOPPED"));
        var gone = await _bench.CallAsync("DescribeTasks", $$"""{"cluster":"dev","tasks":["{{task["taskArn"]}}"]}""");
        Assert.Equal("MISSING", (string)Assert.Single(gone["failures"]!.AsArray())!["reason"]!);
    }
}
