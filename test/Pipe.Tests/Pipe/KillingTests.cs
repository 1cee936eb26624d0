using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Sandbox.Faults;
using Sandbox.Wire;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>A stopped step is killed, not asked: whatever was going on, the same step run again ends right.</summary>
public sealed partial class KillingTests
{
    private const int Together = 6;

    private const int Killed = 128 + 9;

    /// <summary>At the first and the last call of every kind that a deployment makes, before ECS or ECR acted and after.</summary>
    [Fact]
    public async Task Killed_at_any_step_and_run_again_it_ends_right()
    {
        var program = PipeProgram.Native ?? PipeProgram.Managed;
        var (wrong, killed) = (new ConcurrentQueue<string>(), 0);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Together, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(await StepsAsync(program), options, async (step, token) =>
        {
            await using var run = await ProgramRun.StartAsync();
            using var process = new HeldProcess();
            run.Faults.Add(step with { Meanwhile = process.Kill });
            process.Hold(() => run.Launch(program));
            var first = await PipeProgram.EndAsync(process.Process, token);
            run.Faults.Clear();
            Interlocked.Add(ref killed, first.Code == Killed ? 1 : 0);

            var second = await run.RunAsync(program, token);
            foreach (var fault in await FaultsAsync(run, second))
            {
                wrong.Enqueue($"{(step.Kind == FaultKind.ResetAfter ? "after" : "before")} {step.On} {step.First}: {fault}\n{first.Output}\n----\n{second.Output}{second.Errors}");
            }
        });

        Assert.Empty(wrong);
        Assert.True(killed >= 30, $"It was killed {killed} times only.");
    }

    private static async Task<IReadOnlyList<FaultRule>> StepsAsync(PipeProgram program)
    {
        await using var run = await ProgramRun.StartAsync();
        var end = await run.RunAsync(program, TestContext.Current.CancellationToken);
        Assert.True(end.Code == 0, end.Output);
        return [.. run.Sandbox.Requests.CountBy(NameOf).SelectMany(call => new[] { 1, call.Value }.Distinct().SelectMany(nth =>
            new[] { FaultKind.ResetBefore, FaultKind.ResetAfter }.Select(kind => new FaultRule { On = call.Key, Kind = kind, First = nth })))];
    }

    /// <summary>What is not as one undisturbed deployment would have left it.</summary>
    private static async Task<IReadOnlyList<string>> FaultsAsync(ProgramRun run, ProgramEnd end)
    {
        var faults = new List<string>();
        var digest = run.Repository.Find($"{41:d40}")?.Digest;
        var revisions = (await run.AskAsync("ListTaskDefinitions", """{"familyPrefix":"shop"}"""))["taskDefinitionArns"]!.AsArray().Count;
        var rollouts = (await run.AskAsync("ListServiceDeployments", """{"cluster":"dev","service":"shop"}"""))["serviceDeployments"]!.AsArray().Count;
        var tasks = (await run.AskAsync("ListTasks", """{"cluster":"dev","desiredStatus":"RUNNING"}"""))["taskArns"]!.AsArray();
        var running = tasks is [{ } task] ? (string?)(await run.AskAsync("DescribeTasks", $$"""{"cluster":"dev","tasks":["{{task}}"]}"""))["tasks"]![0]!["containers"]![0]!["imageDigest"] : null;
        Check(end.Code == 0, $"exit code {end.Code}");
        Check(revisions == 2, $"{revisions} revisions");
        Check(rollouts == 2, $"{rollouts} rollouts");
        Check(digest is not null && running == digest, $"{running} runs, {digest} is tagged");
        Check(run.Repository.Find("env-dev-41")?.Digest == digest, "not recorded");
        return faults;

        void Check(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add(fault);
            }
        }
    }

    private static string NameOf(RequestRecord request) =>
        request.Operation is { } operation ? $"{request.Service}:{operation}" : $"{request.Method} {Changing().Replace(request.Path, "$1*")}";

    // What differs from run to run: upload sessions and digests.
    [GeneratedRegex("(/(uploads|manifests|blobs)/)(?!uploads/)[^/]+$")]
    private static partial Regex Changing();
}
