using Microsoft.AspNetCore.Http;

namespace Sandbox.Time;

/// <summary>Keeps the virtual clock still while a request is served; the outermost of the host's middlewares. Other clocks need nothing of it.</summary>
public sealed class ClockMiddleware(RequestDelegate next, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        using (time is VirtualClock clock ? clock.Serve() : null)
        {
            await next(context);
        }
    }
}
