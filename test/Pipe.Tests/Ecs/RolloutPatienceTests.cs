using EcsDeploy.Ecs;
using Pipe.Tests.Ecs.Timelines;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>When rollouts are looked at.</summary>
public sealed class RolloutPatienceTests
{
    private readonly JumpingClock _clock = new();

    [Theory]
    [InlineData(0, 2000)]
    [InlineData(1.5, 1999)]
    [InlineData(500, 1500)]
    [InlineData(1999.7, 1)]
    [InlineData(123456, 544)]
    public void Rollouts_that_began_at_different_moments_are_looked_at_together(double now, double pause)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(now));

        Assert.Equal(pause, RolloutPatience.Pause(TimeSpan.FromMinutes(1), _clock).TotalMilliseconds);
    }

    [Fact]
    public void A_long_rollout_is_looked_at_less_often()
    {
        _clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(2, RolloutPatience.Pause(TimeSpan.FromMinutes(16), _clock).TotalSeconds);
    }
}
