using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Sandbox.Registry;

/// <summary>Ends a connection without an answer, in order and not by a reset: clients see the end of the stream and say "EOF".</summary>
internal static class ClosedConnection
{
    // A client that has seen the end closes its own side at once; one that does not is reset.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static async Task CloseAsync(HttpContext context)
    {
        if (context.Features.Get<IConnectionSocketFeature>() is { } connection)
        {
            try
            {
                connection.Socket.Shutdown(SocketShutdown.Send);
            }
            catch (Exception gone) when (gone is ObjectDisposedException or SocketException)
            {
                // The client has left already: nobody waits for the end.
            }

            await Task.Delay(Patience, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        context.Abort();
    }
}
