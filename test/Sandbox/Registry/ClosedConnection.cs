using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Sandbox.Registry;

/// <summary>Ends a connection without an answer, in order and not by a reset: clients see the end of the stream and say "EOF".</summary>
internal static class ClosedConnection
{
    public static async Task CloseAsync(HttpContext context)
    {
        if (context.Features.Get<IConnectionTransportFeature>() is { } connection)
        {
            await connection.Transport.Output.CompleteAsync();
        }

        context.Abort();
    }
}
