using System.Net;
using System.Net.Sockets;

namespace Sandbox.Tests.Judges;

/// <summary>
/// A proxy for HTTPS that opens every tunnel and then breaks it off: to the client the other side speaks no TLS, and the .NET SDK
/// falls back to plain HTTP for a registry that is set as insecure.
/// </summary>
internal sealed class BrokenTunnel : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;

    public BrokenTunnel()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address => $"http://{_listener.LocalEndpoint}";

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await BreakAsync(client.GetStream());
            }
        }
        catch (SocketException)
        {
            // Stopped.
        }
    }

    private static async Task BreakAsync(NetworkStream stream)
    {
        try
        {
            await stream.ReadAtLeastAsync(new byte[4096], 1, throwOnEndOfStream: false);
            await stream.WriteAsync("HTTP/1.1 200 Connection Established\r\n\r\n"u8.ToArray());
            await stream.ReadAtLeastAsync(new byte[4096], 1, throwOnEndOfStream: false);
        }
        catch (IOException)
        {
            // The client was faster.
        }
    }
}
