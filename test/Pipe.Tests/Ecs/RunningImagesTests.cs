using System.Text.Json.Nodes;
using EcsDeploy.Names;
using EcsDeploy.Outcomes;
using Pipe.Tests.Ecs.Timelines;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>A rollout that ECS calls a success is one only when the running tasks have the image that was rolled.</summary>
public sealed class RunningImagesTests
{
    private static readonly Digest Ours = Digest.Of([1]);

    private static readonly Digest Child = Digest.Of([2]);

    private static readonly Digest Other = Digest.Of([3]);

    [Fact]
    public async Task Tasks_with_another_image_are_a_failure_that_names_both_digests()
    {
        var outcome = await RollAsync([Running("a", Ours.Text), Running("b", Other.Text)]);

        var verdict = Assert.IsType<Verdict.FailedNotRolledBack>(outcome.Verdict);
        Assert.Contains(Ours.Text, verdict.Reasons[0], StringComparison.Ordinal);
        Assert.Contains(Other.Text, verdict.Reasons[0], StringComparison.Ordinal);
        Assert.Contains("What serves is not known", outcome.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_child_of_the_index_that_was_rolled_is_the_image() => await AssertSucceededAsync(null, [Running("a", Child.Text), Running("b", Ours.Text)]);

    [Fact]
    public async Task Tasks_that_say_no_digest_are_said() => await AssertSucceededAsync("1 running container(s) do not say which image digest they have", [Running("a", null), Running("b", Ours.Text)]);

    [Fact]
    public async Task No_task_at_all_is_said() => await AssertSucceededAsync("No running task of this definition was seen", []);

    [Theory]
    [InlineData("ListTasks")]
    [InlineData("DescribeTasks")]
    public async Task Tasks_that_may_not_be_seen_are_said(string denied) =>
        await AssertSucceededAsync($"Whether the running tasks have this image was not seen: User: arn:aws:sts::222222222222:assumed-role/deploy/s is not authorized to perform: ecs:{denied}", [Running("a", Other.Text)], denied);

    private static JsonObject Running(string id, string? digest) => Stopped.Running(id, digest);

    private static async Task AssertSucceededAsync(string? remark, IReadOnlyList<JsonObject> tasks, params IReadOnlyList<string> denied)
    {
        var outcome = await RollAsync(tasks, denied);

        Assert.IsType<Verdict.Succeeded>(outcome.Verdict);
        if (remark is null)
        {
            Assert.Empty(outcome.Remarks);
        }
        else
        {
            Assert.StartsWith(remark, Assert.Single(outcome.Remarks), StringComparison.Ordinal);
        }
    }

    private static async Task<RolloutOutcome> RollAsync(IReadOnlyList<JsonObject> tasks, params IReadOnlyList<string> denied)
    {
        var scenario = Scenarios.All.Single(item => item.Name == "a plain success") with { RunningTasks = tasks, Denied = denied };
        var image = new PushedImage { Repository = EcrRepository.TryParse(Some.Repository, out var repository) ? repository : null!, Digest = Ours, Children = [Child] };
        return (await Play.OursAsync(scenario, TestContext.Current.CancellationToken, image)).Outcome;
    }
}
