using System.Net;
using System.Net.Sockets;

namespace Sandbox.Hosting;

/// <summary>
/// Sockets on 127.0.0.1, 127.0.0.2, … with one port number: one address for each account, since a registry account is chosen by address.
/// They are bound before the server starts, so that a port that was found free stays ours.
/// </summary>
internal static class LoopbackSockets
{
    private const int Attempts = 50;

    public static IReadOnlyList<Socket> Bind(int count, int port)
    {
        for (var attempt = 1; ; attempt++)
        {
            var sockets = new List<Socket>();
            try
            {
                for (var i = 1; i <= count; i++)
                {
                    var known = sockets.Count > 0 ? ((IPEndPoint)sockets[0].LocalEndPoint!).Port : port;
                    sockets.Add(Bound(new IPEndPoint(new IPAddress([127, 0, 0, (byte)i]), known)));
                }

                return sockets;
            }
            catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressNotAvailable && sockets.Count > 0)
            {
                // macOS has 127.0.0.1 alone; the other accounts' registries are then reached by host name only.
                return sockets;
            }
            catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse && port is 0 && attempt < Attempts)
            {
                sockets.ForEach(socket => socket.Dispose());
            }
        }
    }

    private static Socket Bound(IPEndPoint address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(address);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }
}
