using System.ComponentModel;
using System.Diagnostics;

namespace EcsDeploy.Processes;

/// <summary>Runs child programs: output line by line, and nothing of them left when the run is cancelled.</summary>
internal sealed class ProcessRunner(TimeProvider time)
{
    // A grandchild that stays behind holds the output open; after its parent has ended nobody waits longer than this for more of it.
    private static readonly TimeSpan Afterglow = TimeSpan.FromSeconds(2);

    /// <summary>Any exit code is an answer; only a program that cannot be started throws.</summary>
    public async Task<ProcessResult> RunAsync(Command command, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        using var process = Start(command);
        using var killing = token.Register(() => Kill(process));
        var last = new LastLines(command.OnLine);
        var reading = Task.WhenAll(
            LineReader.ReadAsync(process.StandardOutput, line => last.Add(new OutputLine(line, IsError: false))),
            LineReader.ReadAsync(process.StandardError, line => last.Add(new OutputLine(line, IsError: true))));
        await WriteInputAsync(process, command.Input);
        await process.WaitForExitAsync(CancellationToken.None);
        await ReadRestAsync(reading);
        token.ThrowIfCancellationRequested();
        return new ProcessResult(process.ExitCode, last.Close());
    }

    /// <summary>As <see cref="RunAsync"/>, for programs that have no business to fail.</summary>
    public async Task<ProcessResult> RunSuccessfullyAsync(Command command, CancellationToken token)
    {
        var result = await RunAsync(command, token);
        return result.Succeeded ? result : throw ProcessException.Failed(command, result);
    }

    private static Process Start(Command command)
    {
        var program = ProgramPath.Find(command)
            ?? throw new ProcessException($"There is no program '{command.Program}' on this machine.") { IsMissing = true };
        var start = new ProcessStartInfo(program, command.Arguments)
        {
            WorkingDirectory = command.WorkingDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException("A process without a shell is always a new one.");
        }
        catch (Win32Exception error)
        {
            throw new ProcessException($"'{command.Program}' could not be started in {command.WorkingDirectory}: {error.Message}", error);
        }
    }

    private static async Task WriteInputAsync(Process process, string input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended, or closed its input, before it read all: its exit code tells the rest.
        }
    }

    private async Task ReadRestAsync(Task reading)
    {
        try
        {
            await reading.WaitAsync(Afterglow, time);
        }
        catch (TimeoutException)
        {
            // What the program itself wrote has long been read.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended meanwhile, or a child of it has.
        }
    }
}
