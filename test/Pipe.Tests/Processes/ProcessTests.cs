using EcsDeploy;
using EcsDeploy.Processes;
using Xunit;

namespace Pipe.Tests.Processes;

/// <summary>Running child programs, with real ones of every Debian.</summary>
public sealed class ProcessTests
{
    private static readonly Dictionary<string, string> Path = new() { ["PATH"] = "/usr/local/bin:/usr/bin:/bin" };

    private readonly ProcessRunner _runner = new(TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Arguments_arrive_as_they_were_given()
    {
        var lines = new List<string>();
        string[] arguments = ["%s\n", "two words", "$HOME", "'quoted'", "a;b", "*", "ü"];

        await _runner.RunAsync(Some("printf", arguments) with { OnLine = line => lines.Add(line.Text) }, Token);

        Assert.Equal(arguments[1..], lines);
    }

    [Fact]
    public async Task A_program_sees_only_the_environment_that_it_is_given()
    {
        var environment = new Dictionary<string, string>(Path) { ["ONLY"] = "this" };

        var result = await _runner.RunAsync(Some("env") with { Environment = environment }, Token);

        Assert.Equal(["ONLY=this", "PATH=/usr/local/bin:/usr/bin:/bin"], result.LastLines.Order());
    }

    [Fact]
    public async Task A_program_runs_where_it_is_told_to()
    {
        var result = await _runner.RunAsync(Some("pwd") with { WorkingDirectory = "/usr" }, Token);

        Assert.Equal(["/usr"], result.LastLines);
    }

    [Fact]
    public async Task Both_streams_come_line_by_line_and_are_told_apart()
    {
        var lines = new List<OutputLine>();

        var result = await _runner.RunAsync(Shell("echo out; echo err >&2; exit 7") with { OnLine = lines.Add }, Token);

        Assert.Equal(7, result.ExitCode);
        Assert.False(result.Succeeded);
        Assert.Contains(new OutputLine("out", IsError: false), lines);
        Assert.Contains(new OutputLine("err", IsError: true), lines);
    }

    [Fact]
    public async Task Only_the_last_lines_are_kept()
    {
        var result = await _runner.RunAsync(Some("seq", "1000"), Token);

        Assert.Equal(Enumerable.Range(961, 40).Select(number => $"{number}"), result.LastLines);
    }

    [Theory]
    [InlineData(@"printf '\033[31mred\033[0m\n'", "red")]
    [InlineData(@"printf 'bell\a and \0 nothing\r\n'", "bell and  nothing")]
    [InlineData(@"printf 'no end'", "no end")]
    [InlineData(@"printf '\n\n\nafter blank lines\n'", "after blank lines")]
    [InlineData(@"printf 'a\tb\033]0;x\n'", "a\tb0;x")]
    public async Task Lines_are_safe_to_log(string script, string expected)
    {
        var result = await _runner.RunAsync(Shell(script), Token);

        Assert.Equal([expected], result.LastLines);
    }

    [Fact]
    public async Task An_endless_line_is_cut()
    {
        var result = await _runner.RunAsync(Shell("head -c 10000000 /dev/zero | tr '\\0' x"), Token);

        Assert.Equal(4096, Assert.Single(result.LastLines).Length);
    }

    [Fact]
    public async Task Input_reaches_the_program_and_ends()
    {
        var result = await _runner.RunAsync(Some("cat") with { Input = "secret" }, Token);

        Assert.Equal(["secret"], result.LastLines);
    }

    [Fact]
    public async Task A_program_that_never_reads_its_input_is_no_fault()
    {
        var result = await _runner.RunAsync(Some("true") with { Input = new string('x', 1_000_000) }, Token);

        Assert.True(result.Succeeded);
    }

    [Theory]
    [InlineData("no-such-program")]
    [InlineData("/no/such/program")]
    public async Task A_program_that_is_not_there_is_named(string program)
    {
        var error = await Assert.ThrowsAsync<ProcessException>(() => _runner.RunAsync(Some(program), Token));

        Assert.True(error.IsMissing);
        Assert.Contains(program, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_must_succeed_and_does_not_is_reported_with_its_last_lines()
    {
        var error = await Assert.ThrowsAsync<ProcessException>(() => _runner.RunSuccessfullyAsync(Shell("echo why >&2; exit 3"), Token));

        Assert.Equal(ExitCode.Build, error.ExitCode);
        Assert.Contains("exit code 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("why", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_kills_the_program_and_its_children()
    {
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var child = new TaskCompletionSource<string>();
        var running = _runner.RunAsync(Shell("sleep 600 & echo $!; wait") with { OnLine = line => child.TrySetResult(line.Text) }, cancelling.Token);
        var id = await child.Task.WaitAsync(Token);

        await cancelling.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.True(HasEnded(id));
    }

    [Fact]
    public async Task A_grandchild_that_stays_behind_does_not_hold_the_run_up()
    {
        var child = "";
        var running = _runner.RunAsync(Shell("sleep 600 & echo $!; exit 3") with { OnLine = line => child = line.Text }, Token);

        var result = await running.WaitAsync(TimeSpan.FromSeconds(60), Token);

        Assert.Equal(3, result.ExitCode);
        using var left = System.Diagnostics.Process.GetProcessById(int.Parse(child, System.Globalization.CultureInfo.InvariantCulture));
        left.Kill();
    }

    // A killed process that nobody has waited for yet is a zombie, which is ended too.
    private static bool HasEnded(string id)
    {
        var status = $"/proc/{id}/stat";
        return !File.Exists(status) || File.ReadAllText(status).Contains(") Z ", StringComparison.Ordinal);
    }

    private static Command Shell(string script) => Some("sh", "-c", script);

    private static Command Some(string program, params string[] arguments) =>
        new() { Program = program, Arguments = arguments, WorkingDirectory = "/", Environment = Path };
}
