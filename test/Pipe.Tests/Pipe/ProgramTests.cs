using Pipe.Tests.Delivery;
using Sandbox.Ecs.Engine;
using Sandbox.Faults;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>The program as Bitbucket starts it, native and managed: environment in; standard output and exit code out.</summary>
public sealed class ProgramTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_deploys_and_says_everything_on_standard_output(bool native)
    {
        await using var run = await ProgramRun.StartAsync();

        var end = await run.RunAsync(PipeProgram.OfKind(native), Token);

        Assert.Equal((0, ""), (end.Code, end.Errors));
        Assert.Contains("dev/shop: succeeded. The new version serves (shop:2).", end.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Wrong_settings_end_with_2(bool native)
    {
        await using var run = await ProgramRun.StartAsync();
        run.Variables["WAIT"] = "perhaps";

        var end = await run.RunAsync(PipeProgram.OfKind(native), Token);

        Assert.Equal((2, ""), (end.Code, end.Errors));
        Assert.Contains("WAIT is 'perhaps'", end.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_needs_nothing_of_its_environment_but_its_variables(bool native)
    {
        await using var run = await ProgramRun.StartAsync();
        run.Variables.Remove("HOME");
        if (native)
        {
            run.Variables.Remove("PATH");
        }

        var end = await run.RunAsync(PipeProgram.OfKind(native), Token);

        Assert.Equal((0, ""), (end.Code, end.Errors));
    }

    // Which of the two it is is found out by .NET's tar writer, which asks the system for owners and kinds.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_empty_file_is_published_and_a_named_pipe_is_refused(bool native)
    {
        await using var run = await ProgramRun.StartAsync();
        var folder = Path.Combine(run.Variables["BITBUCKET_CLONE_DIR"], "published");
        await File.WriteAllTextAsync(Path.Combine(folder, "empty.txt"), "", Token);

        var good = await run.RunAsync(PipeProgram.OfKind(native), Token);
        await Outside.RunAsync("/usr/bin/mkfifo", folder, Path.Combine(folder, "stuck"));
        var bad = await run.RunAsync(PipeProgram.OfKind(native), Token);

        Assert.Equal((0, 4), (good.Code, bad.Code));
        Assert.Contains("holds stuck, which is no file but a pipe, a socket or a device", bad.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_signal_ends_it_with_130_and_a_word_on_what_goes_on(bool native)
    {
        await using var run = await ProgramRun.StartAsync();
        using var process = new HeldProcess();
        run.Faults.Add(new FaultRule { On = "ecs:DescribeServiceDeployments", Kind = FaultKind.ServerError, Meanwhile = process.Terminate });
        process.Hold(() => run.Launch(PipeProgram.OfKind(native)));

        var end = await PipeProgram.EndAsync(process.Process, Token);

        Assert.Equal((130, ""), (end.Code, end.Errors));
        Assert.Contains("Cancelled", end.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_signal_takes_the_rollout_back_where_that_is_wanted(bool native)
    {
        await using var run = await ProgramRun.StartAsync();
        using var process = new HeldProcess();
        run.Variables["ON_CANCEL"] = "rollback";
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { PullTime = TimeSpan.FromHours(1) }) { Image = Step.Repository });
        run.Faults.Add(new FaultRule { On = "ecs:UpdateService", Kind = FaultKind.ResetAfter, Meanwhile = process.Terminate });
        process.Hold(() => run.Launch(PipeProgram.OfKind(native)));

        var end = await PipeProgram.EndAsync(process.Process, Token);

        Assert.Equal((130, ""), (end.Code, end.Errors));
        Assert.Equal(["UpdateService", "StopServiceDeployment"], run.Sandbox.Requests.Select(request => request.Operation).Where(name => name is "UpdateService" or "StopServiceDeployment"));
    }

    [Fact]
    public async Task The_digest_does_not_depend_on_how_many_cores_compress()
    {
        var digests = new List<string>();
        foreach (var cores in (string[])["1", "8"])
        {
            await using var run = await ProgramRun.StartAsync();
            await File.WriteAllLinesAsync(Path.Combine(run.Published, "wwwroot", "data.csv"), Enumerable.Range(0, 500_000).Select(number => $"{number},{number * 7919L}"), Token);
            run.Variables["DOTNET_PROCESSOR_COUNT"] = cores;

            var end = await run.RunAsync(PipeProgram.OfKind(native: true), Token);

            Assert.Equal((0, ""), (end.Code, end.Errors));
            digests.Add(run.Repository.Find(run.Variables["BITBUCKET_COMMIT"])!.Digest);
        }

        Assert.Equal(digests[0], digests[1]);
    }
}
