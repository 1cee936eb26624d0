using Sandbox.Ecs.Engine;
using Xunit;

namespace Sandbox.Tests.Ecs;

/// <summary>Minimum rounded up, maximum rounded down, as DeploymentConfiguration in the ECS model says.</summary>
public sealed class RollingPlanTests
{
    [Theory]
    [InlineData(4, 100, 200, 4, 8)]
    [InlineData(3, 50, 150, 2, 4)]
    [InlineData(1, 50, 100, 1, 1)]
    [InlineData(5, 0, 100, 0, 5)]
    public void Limits_are_rounded_to_the_safe_side(int desired, int minimum, int maximum, int least, int most) =>
        Assert.Equal((least, most), (RollingCounts.For(desired, minimum, maximum).Minimum, RollingCounts.For(desired, minimum, maximum).Maximum));

    [Fact]
    public void New_tasks_start_before_old_ones_stop() =>
        Assert.Equal(new RollingPlan(4, 0, 0, 0), RollingPlan.For(RollingCounts.For(4, 100, 200) with { OldHealthy = 4 }));

    [Fact]
    public void Every_new_healthy_task_lets_an_old_one_go() =>
        Assert.Equal(new RollingPlan(0, 0, 0, 3), RollingPlan.For(RollingCounts.For(4, 100, 200) with { NewLive = 4, NewRunning = 4, NewHealthy = 3, OldHealthy = 4 }));

    [Fact]
    public void Without_room_old_ones_stop_down_to_the_minimum() =>
        Assert.Equal(new RollingPlan(0, 0, 0, 2), RollingPlan.For(RollingCounts.For(4, 50, 100) with { OldHealthy = 4 }));

    [Fact]
    public void What_never_became_healthy_goes_first() =>
        Assert.Equal(new RollingPlan(0, 4, 0, 0), RollingPlan.For(RollingCounts.For(4, 100, 200) with { OldHealthy = 4, OldPending = 4 }));

    [Fact]
    public void Neither_room_nor_spare_tasks_is_a_standstill() =>
        Assert.True(RollingPlan.For(RollingCounts.For(1, 50, 100) with { OldHealthy = 1 }).Nothing);

    [Fact]
    public void At_zero_everything_stops() =>
        Assert.Equal(new RollingPlan(0, 1, 1, 2), RollingPlan.For(RollingCounts.For(0, 100, 200) with { OldHealthy = 2, OldPending = 1, OldUncounted = 1 }));
}
