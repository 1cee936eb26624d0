using EcsDeploy;
using Sandbox.Faults;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>A step that is asked to end (a laptop, a runner of one's own) ends with 130 and says what to do, whatever it was doing.</summary>
public sealed class StoppingTests
{
    [Theory]
    [InlineData("sts:*", FaultKind.ServerError)]
    [InlineData("ecr:GetAuthorizationToken", FaultKind.ServerError)]
    [InlineData("ecs:DescribeServices", FaultKind.ResetBefore)]
    [InlineData("POST /v2/shop/*", FaultKind.ServerError)]
    [InlineData("PUT /v2/shop/blobs/*", FaultKind.ResetBefore)]
    [InlineData("ecr:PutImage", FaultKind.ResetAfter)]
    [InlineData("ecs:RegisterTaskDefinition", FaultKind.ResetAfter)]
    [InlineData("ecs:UpdateService", FaultKind.ServerError)]
    [InlineData("ecs:UpdateService", FaultKind.ResetAfter)]
    [InlineData("ecs:DescribeServiceDeployments", FaultKind.ServerError)]
    public async Task Whatever_it_was_doing_it_ends_with_130(string on, FaultKind kind)
    {
        await using var run = await PipeRun.StartAsync();
        run.Faults.Add(new FaultRule { On = on, Kind = kind, Meanwhile = run.Stop });

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.Cancelled, exit);
        Assert.EndsWith(
            on is "ecs:UpdateService" or "ecs:DescribeServiceDeployments"
                ? "Cancelled: dev/shop: a rollout of shop:2 was begun and not seen to its end, so both versions may serve. Run the step again to follow it, or ACTION=rollback to go back"
                : "Cancelled: no service was touched, so what ran before still serves. Run the step again to go on",
            run.LastLine, StringComparison.Ordinal);
        Assert.DoesNotContain("defect", run.Log, StringComparison.Ordinal);
    }
}
