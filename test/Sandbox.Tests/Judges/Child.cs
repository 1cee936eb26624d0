using System.Diagnostics;

namespace Sandbox.Tests.Judges;

/// <summary>Runs a program that nobody here wrote, with exactly the environment it is given, and ends it whatever happens.</summary>
internal static class Child
{
    /// <summary>Real time: a judge that takes longer hangs.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    public static async Task<ChildResult> RunAsync(ProcessStartInfo command, CancellationToken token)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(token);
        limited.CancelAfter(Limit);
        using var process = Process.Start(command)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limited.Token);
            var error = process.StandardError.ReadToEndAsync(limited.Token);
            await process.WaitForExitAsync(limited.Token);
            return new ChildResult(command, process.ExitCode, await output, await error);
        }
        finally
        {
            Kill(process);
        }
    }

    /// <summary>Starts a server and answers with the line of either output that says it is ready.</summary>
    public static async Task<(Process Server, string Line)> ServeAsync(ProcessStartInfo command, string readyMark, CancellationToken token)
    {
        var process = Process.Start(command)!;
        var ready = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(object sender, DataReceivedEventArgs line)
        {
            if (line.Data?.Contains(readyMark, StringComparison.Ordinal) == true)
            {
                ready.TrySetResult(line.Data);
            }
        }

        process.OutputDataReceived += Look;
        process.ErrorDataReceived += Look;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            return (process, await ready.Task.WaitAsync(Limit, token));
        }
        catch
        {
            Kill(process);
            process.Dispose();
            throw;
        }
    }

    public static void Kill(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>A command line with nothing of this machine's environment but the way to its programs.</summary>
    public static ProcessStartInfo Command(string program, string home, IEnumerable<string> arguments)
    {
        var command = new ProcessStartInfo(program, arguments) { WorkingDirectory = home, RedirectStandardOutput = true, RedirectStandardError = true };
        command.Environment.Clear();
        command.Environment["HOME"] = home;
        command.Environment["LANG"] = "C.UTF-8";
        command.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        return command;
    }
}

/// <summary>How a child ended.</summary>
internal sealed record ChildResult(ProcessStartInfo Command, int Code, string Output, string Error)
{
    /// <summary>The output of a child that succeeded.</summary>
    public string Succeeded => Code == 0 ? Output : throw new Xunit.Sdk.XunitException($"{this}");

    public override string ToString() => $"{Command.FileName} {string.Join(' ', Command.ArgumentList)} ended with {Code}\n{Output}\n{Error}";
}
