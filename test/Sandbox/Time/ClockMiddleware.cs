using Microsoft.AspNetCore.Http;

namespace Sandbox.Time;

/// <summary>Keeps the virtual clock still while a request is served; the outermost step of every request. Other clocks need nothing of it.</summary>
public sealed class ClockMiddleware(TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        using (time is VirtualClock clock ? clock.Serve() : null)
        {
            await next(context);
        }
    }
}
