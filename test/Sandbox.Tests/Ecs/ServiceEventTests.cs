using Sandbox.Ecs.Engine;
using Sandbox.Ecs.State;
using Xunit;

namespace Sandbox.Tests.Ecs;

/// <summary>The event stream; sources: Service.events in the ECS model, the ECS guide on service events (duplicates), authorization.md §5.1.</summary>
public sealed class ServiceEventTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_latest_hundred_are_kept_newest_first()
    {
        var events = new ServiceEvents();
        for (var number = 0; number < 150; number++)
        {
            events.Add($"{number}", Start, $"event {number}");
        }

        Assert.Equal(100, events.Latest.Count());
        Assert.Equal(("event 149", "event 50"), (events.Latest.First().Message, events.Latest.Last().Message));
    }

    [Fact]
    public void The_same_message_comes_again_only_after_six_hours_or_when_it_was_resolved()
    {
        var events = new ServiceEvents();
        events.Add("1", Start, "unable to place");
        events.Add("2", Start.AddHours(5), "unable to place");
        Assert.Single(events.Latest);
        events.Add("3", Start.AddHours(6), "unable to place");
        Assert.Equal(2, events.Latest.Count());
        events.Resolve("unable to");
        events.Add("4", Start.AddHours(7), "unable to place");
        Assert.Equal(3, events.Latest.Count());
    }

    [Fact]
    public async Task Two_runs_of_the_same_story_are_the_same_to_the_last_id()
    {
        var stories = new List<string>();
        for (var run = 0; run < 2; run++)
        {
            using var bench = new Bench();
            await bench.SteadyAsync(5);
            await bench.RollAsync(new TaskBehaviour { ExitAfter = TimeSpan.FromSeconds(20), ExitCode = 1 });
            bench.Wait(200);
            stories.Add((await bench.ServiceAsync()).ToJsonString() + string.Concat((await bench.TasksAsync("STOPPED")).Select(task => task.ToJsonString())));
        }

        Assert.Equal(stories[0], stories[1]);
    }

    [Fact]
    public async Task No_capacity_is_an_event_and_no_task_until_there_is_some()
    {
        using var bench = new Bench();
        bench.Service.Behaviours.Add(new BehaviourRule(new TaskBehaviour { NoCapacity = "Capacity is unavailable at this time. Please try again later or in a different availability zone" }) { Times = 2 });
        await bench.StartAsync(1);
        bench.Wait(120);
        Assert.Contains("(service web) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.", await bench.EventsAsync());
        Assert.Equal("SUCCESSFUL", await bench.StatusAsync());
    }

    [Fact]
    public async Task Unknown_members_of_a_service_are_given_back()
    {
        using var bench = new Bench();
        await bench.SteadyAsync(1, ""","newSetting":{"a":1},"deploymentConfiguration":{"earlySuccessCriteria":{"type":"X"} }""");
        var service = await bench.ServiceAsync();
        Assert.Equal("""{"a":1}""", service["newSetting"]!.ToJsonString());
        Assert.Equal("X", (string)service["deploymentConfiguration"]!["earlySuccessCriteria"]!["type"]!);
        await bench.CallAsync("UpdateService", """{"cluster":"dev","service":"web","newSetting":{"a":2}}""");
        Assert.Equal("""{"a":2}""", (await bench.ServiceAsync())["newSetting"]!.ToJsonString());
    }

    [Fact]
    public async Task Members_that_belong_to_a_deployment_are_shown_there_and_not_in_the_service()
    {
        // Service, Deployment and ServiceRevision in the ECS model.
        using var bench = new Bench();
        await bench.SteadyAsync(1, ""","serviceConnectConfiguration":{"enabled":false},"monitoring":{} """);
        var service = await bench.ServiceAsync();
        Assert.Null(service["serviceConnectConfiguration"]);
        Assert.Null(service["monitoring"]);
        Assert.False((bool)service["deployments"]![0]!["serviceConnectConfiguration"]!["enabled"]!);
        Assert.NotNull(service["networkConfiguration"]);
    }
}
