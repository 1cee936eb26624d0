using EcsDeploy.Ecs;
using Pipe.Tests.Ecs.Timelines;
using Xunit;

namespace Pipe.Tests.Ecs;

public sealed class RolloutProgressTests
{
    private readonly RolloutProgress _progress = new(new OurRollout
    {
        Before = new ServiceState(new Frame { Deployments = [Scenario.Old], Events = ["(service web) has reached a steady state."] }.Service(Scenario.Unguarded())),
        DeploymentId = "ecs-svc/2",
        TaskDefinition = "web:2",
    });

    [Fact]
    public void Only_what_changed_is_printed()
    {
        Assert.Equal(["new 0 of 2 running, old 2 running"], News(RollingScenarios.Rolling(0, 0), 2));
        Assert.Empty(News(RollingScenarios.Rolling(0, 0), 4));
        Assert.Equal(["new 1 of 2 running, old 2 running"], News(RollingScenarios.Rolling(0, 1), 6));
    }

    [Fact]
    public void Each_new_event_is_printed_once_oldest_first_and_none_of_before()
    {
        var steady = "(service web) has reached a steady state.";
        News(RollingScenarios.Rolling(0, 0) with { Events = [steady] }, 2);

        Assert.Equal(
            ["ECS: has started 1 tasks", "ECS: is unhealthy"],
            News(RollingScenarios.Rolling(0, 0) with { Events = [steady, "(service web) has started 1 tasks", "(service web) is unhealthy"] }, 4));
        Assert.Empty(News(RollingScenarios.Rolling(0, 0) with { Events = [steady, "(service web) has started 1 tasks", "(service web) is unhealthy"] }, 6));
    }

    [Fact]
    public void After_five_silent_minutes_there_is_a_line_of_life()
    {
        News(RollingScenarios.Rolling(0, 0), 2);

        Assert.Empty(News(RollingScenarios.Rolling(0, 0), 301));
        Assert.Equal(["Still waiting after 5 minutes: new 0 of 2 running, old 2 running"], News(RollingScenarios.Rolling(0, 0), 302));
        Assert.Empty(News(RollingScenarios.Rolling(0, 0), 400));
    }

    [Fact]
    public void A_shifting_deployment_shows_its_stage_and_traffic()
    {
        var frame = new Frame { Deployments = [RollingScenarios.New(2, null), Scenario.Old with { Status = "ACTIVE" }] };
        var deployment = new ServiceDeploymentState(new Sd("sd-2", "IN_PROGRESS") { Stage = "PRODUCTION_TRAFFIC_SHIFT", Traffic = 12.5, Running = 2 }.Json());

        var line = Assert.Single(_progress.News(new Observation
        {
            Service = new ServiceState(frame.Service(Scenario.Shifting("CANARY"))),
            ServiceDeployment = deployment,
            Elapsed = TimeSpan.FromSeconds(2),
        }));

        Assert.Equal("stage PRODUCTION_TRAFFIC_SHIFT, new 2 of 2 running, old 0 running, 12.5 % of the traffic to the new", line);
    }

    private IReadOnlyList<string> News(Frame frame, double at) => _progress.News(
        new Observation { Service = new ServiceState(frame.Service(Scenario.Unguarded())), Elapsed = TimeSpan.FromSeconds(at) });
}
