using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>A process that a request of its own may end, before whoever started it got hold of it.</summary>
internal sealed class HeldProcess : IDisposable
{
    private readonly ManualResetEventSlim _held = new();

    public Process Process { get; private set; } = null!;

    public void Hold(Func<Process> start)
    {
        Process = start();
        _held.Set();
    }

    public void Kill()
    {
        _held.Wait(TestContext.Current.CancellationToken);
        Process.Kill();
    }

    /// <summary>SIGTERM, which .NET does not send.</summary>
    public void Terminate()
    {
        _held.Wait(TestContext.Current.CancellationToken);
        using var kill = Process.Start("kill", ["-TERM", Process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>The most memory that it had until now, in bytes (proc(5), VmHWM).</summary>
    public long PeakMemory()
    {
        _held.Wait(TestContext.Current.CancellationToken);
        var line = File.ReadLines($"/proc/{Process.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
    }

    public void Dispose() => _held.Dispose();
}
