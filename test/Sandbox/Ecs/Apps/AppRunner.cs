using System.Net;
using System.Net.Sockets;
using Sandbox.Ecs.Engine;

namespace Sandbox.Ecs.Apps;

/// <summary>Really runs containers: unpacks the image and starts its app with this machine's .NET.</summary>
public sealed class AppRunner(Agenda agenda, string dotnet) : IContainerRuntime, IDisposable
{
    private readonly ImageFolders _images = new();
    private readonly List<AppProcess> _apps = [];
    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public IRunningContainer Start(ContainerStart start, IContainerEvents events)
    {
        var app = new AppProcess(agenda, start, events, new HealthProbe(agenda, _http, start, events));
        _apps.RemoveAll(other => other.Over);
        _apps.Add(app);
        // Unpacking takes its time, and the caller holds the agenda's lock.
        _ = Task.Run(() => BeginAsync(app, start));
        return app;
    }

    public void Dispose()
    {
        _end.Cancel();
        _apps.ForEach(app => app.Kill());
        _http.Dispose();
        _images.Dispose();
        _end.Dispose();
    }

    private async Task BeginAsync(AppProcess app, ContainerStart start)
    {
        try
        {
            var root = await _images.UnpackAsync(start.Image!, _end.Token);
            var port = HealthProbe.HasPort(start) ? FreePort() : (int?)null;
            app.Begin(AppCommand.Of(start, root, new Machine(dotnet, _images.Temporary), port), port);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException or System.ComponentModel.Win32Exception or OperationCanceledException)
        {
            app.Fail($"CannotStartContainerError: Error response from daemon: failed to create task for container: {error.Message}");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
