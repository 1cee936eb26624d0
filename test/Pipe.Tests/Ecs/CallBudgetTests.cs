using Pipe.Tests.Ecs.Timelines;
using EcsDeploy.Ecs;
using Sandbox.Ecs.Api;
using Sandbox.Wire;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>The pipe's pace against ECS's documented token buckets (Amazon ECS API reference, request throttling), operation by operation.</summary>
public sealed class CallBudgetTests
{
    private const int Burst = 300;

    private readonly JumpingClock _clock = new();

    /// <summary>Operations that share a bucket, its size, its refill in a second.</summary>
    public static TheoryData<string, int, int> Buckets => new()
    {
        { "RegisterTaskDefinition", 20, 1 },
        { "DescribeTaskDefinition ListTaskDefinitions", 50, 20 },
        { "UpdateService", 50, 5 },
        { "DescribeServices ListServices", 100, 20 },
        { "DescribeServiceDeployments ListServiceDeployments", 50, 20 },
        { "DescribeServiceRevisions", 50, 20 },
        { "RunTask StopTask", 100, 40 },
        { "ListTasks DescribeTasks", 100, 20 },
        { "ListClusters", 50, 20 },

        // Not in Amazon's table: the pace of UpdateService.
        { "StopServiceDeployment ContinueServiceDeployment", 50, 5 },
    };

    [Theory]
    [MemberData(nameof(Buckets))]
    public async Task A_burst_keeps_to_its_bucket_and_is_never_throttled(string operations, int size, int refill)
    {
        var (budget, aws, names) = (new CallBudget(_clock), new Throttle(_clock), operations.Split(' '));
        for (var call = 1; call <= Burst; call++)
        {
            var operation = names[call % names.Length];
            await budget.TakeAsync(operation, TestContext.Current.CancellationToken);

            Assert.True(call <= size + (refill * _clock.Seconds), $"call {call} at {_clock.Seconds} s");
            aws.Take(Call(operation));
        }

        // Four fifths of the bucket are the pipe's own to use, and it uses them.
        Assert.InRange(_clock.Seconds, ((Burst - size) / (double)refill) - 1, ((Burst - (0.8 * size)) / (0.8 * refill)) + 1);
    }

    [Fact]
    public async Task Operations_of_other_buckets_do_not_wait_for_one_another()
    {
        var budget = new CallBudget(_clock);
        for (var call = 0; call < 16; call++)
        {
            await budget.TakeAsync("RegisterTaskDefinition", TestContext.Current.CancellationToken);
        }

        await budget.TakeAsync("UpdateService", TestContext.Current.CancellationToken);

        Assert.Equal(0, _clock.Seconds);
    }

    private static ApiCall Call(string operation) => new()
    {
        Service = "ecs",
        Operation = operation,
        Input = [],
        Caller = new Caller { AccountId = DefaultWorld.Dev, Arn = $"arn:aws:sts::{DefaultWorld.Dev}:assumed-role/deploy/test" },
        Region = "eu-west-1",
        RequestId = "1",
    };
}
