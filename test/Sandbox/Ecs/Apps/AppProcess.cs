using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Sandbox.Ecs.Engine;

namespace Sandbox.Ecs.Apps;

/// <summary>The process that is a container here: its output, its end, its stop by signals.</summary>
public sealed class AppProcess(Agenda agenda, ContainerStart start, IContainerEvents events, HealthProbe probe) : IRunningContainer
{
    private readonly Lock _gate = new();
    private Process? _process;
    private bool _stopped;

    /// <summary>Nothing more will come from it.</summary>
    public bool Over { get; private set; }

    public void Begin(AppCommand command, int? port)
    {
        var info = new ProcessStartInfo(command.Program, command.Arguments)
        {
            WorkingDirectory = command.WorkingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment.Clear();
        foreach (var (name, value) in command.Environment)
        {
            info.Environment[name] = value;
        }

        lock (_gate)
        {
            if (!_stopped)
            {
                _process = Launch(info);
            }
        }

        if (_process is { } process)
        {
            agenda.Post(() => Started(port));
            _ = WatchAsync(process);
        }
        else
        {
            agenda.Post(() => End(137, null));
        }
    }

    public void Fail(string reason) => agenda.Post(() =>
    {
        if (!Over)
        {
            Over = true;
            events.Failed(reason);
        }
    });

    public void Stop(TimeSpan timeout)
    {
        lock (_gate)
        {
            _stopped = true;
            probe.Stop();
            if (_process is { } process)
            {
                Signal(process);
                agenda.Plan(timeout, Kill);
            }
        }
    }

    public void Kill()
    {
        lock (_gate)
        {
            _stopped = true;
            try
            {
                _process?.Kill(entireProcessTree: true);
            }
            catch (Exception error) when (error is InvalidOperationException or Win32Exception)
            {
                // It has ended by itself meanwhile.
            }
        }
    }

    private void Started(int? port)
    {
        if (port is { } number)
        {
            start.Container.Endpoint = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{number}");
        }

        events.Started();
        probe.Begin();
    }

    private async Task WatchAsync(Process process)
    {
        await Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError), process.WaitForExitAsync());
        var code = process.ExitCode;
        agenda.Post(() => End(code, null));
        process.Dispose();
    }

    private async Task ReadAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            agenda.Post(() => events.Wrote(line));
        }
    }

    private void End(int code, string? reason)
    {
        if (!Over)
        {
            Over = true;
            probe.Stop();
            start.Container.Endpoint = null;
            events.Exited(code, reason);
        }
    }

    private static Process Launch(ProcessStartInfo info) => Process.Start(info) ?? throw new IOException($"{info.FileName} did not start.");

    /// <summary>.NET can only kill; the shell can ask.</summary>
    private static void Signal(Process process)
    {
        using var kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -TERM {process.Id}")]);
    }
}
