using System.Diagnostics;
using System.Globalization;
using EcsDeploy.Outcomes;
using Pipe.Tests.Delivery;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Docker;

/// <summary>A Docker engine of this test run alone, from Debian's docker.io; null where it cannot be had.</summary>
public sealed class RealEngine : IAsyncLifetime
{
    private const string Daemon = "/usr/sbin/dockerd";

    private static readonly string[] Places = ["/usr/bin/docker", "/usr/local/bin/docker"];

    private readonly string _folder = Directory.CreateTempSubdirectory("docker-").FullName;
    private Process? _process;

    /// <summary>For DOCKER_HOST; null when there is no engine.</summary>
    public string? Host { get; private set; }

    /// <summary>The command lines of this machine: Debian's is of the engine's age, another may be newer.</summary>
    public static IReadOnlyList<string> CommandLines { get; } = [.. Places.Where(File.Exists)];

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Daemon) || Environment.UserName != "root")
        {
            return;
        }

        var socket = Path.Combine(_folder, "docker.sock");
        string[] arguments =
        [
            "--storage-driver=overlay2", "--iptables=false", "--ip6tables=false", $"--exec-root={_folder}/exec", $"--data-root={_folder}/data",
            $"--pidfile={_folder}/docker.pid", "-H", $"unix://{socket}",
        ];
        _process = Process.Start(new ProcessStartInfo(Daemon, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        for (var tries = 0; tries < 100 && !_process.HasExited; tries++)
        {
            if (File.Exists(socket) && await AnswersAsync(socket))
            {
                Host = $"unix://{socket}";
                return;
            }

            await Task.Delay(100);
        }
    }

    /// <summary>One call of the engine's own command line, which must succeed; gives what it wrote.</summary>
    public Task<string> RunAsync(string configuration, params IReadOnlyList<string> arguments) =>
        Outside.RunAsync(CommandLines[0], configuration, ["--config", configuration, "--host", Host!, .. arguments]);

    /// <summary>Pulls what was pushed, as ECS does, runs it to its end, and gives what it wrote.</summary>
    internal async Task<string> PullAndRunAsync(DeliveryBench bench, PushedImage image)
    {
        var host = bench.Registries.HostForDocker(bench.Repository);
        var name = $"{host}/{bench.Repository.Name}@{image.Digest}";
        var password = bench.Sandbox.RegistryPasswordOf($"arn:aws:iam::{DefaultWorld.Registry}:role/ecr-push");
        await Outside.RunAsync(password, CommandLines[0], bench.Folder, ["--config", bench.Folder, "--host", Host!, "login", "--username", "AWS", "--password-stdin", host]);
        await RunAsync(bench.Folder, "pull", name);
        return await RunAsync(bench.Folder, "run", "--rm", "--network=none", name);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            using var stop = Process.Start("kill", _process.Id.ToString(CultureInfo.InvariantCulture));
            await stop.WaitForExitAsync();
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<bool> AnswersAsync(string socket)
    {
        using var version = Process.Start(new ProcessStartInfo(CommandLines[0], ["-H", $"unix://{socket}", "version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        await version.WaitForExitAsync();
        return version.ExitCode == 0;
    }
}
