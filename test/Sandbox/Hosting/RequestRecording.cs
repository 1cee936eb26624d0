using Microsoft.AspNetCore.Http;
using Sandbox.Authorization;
using Sandbox.Wire;

namespace Sandbox.Hosting;

/// <summary>The outermost step of every request: keeps a record of it, and turns an exception of ours into a defect that tests see.</summary>
internal sealed class RequestRecording(RequestLog log)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var received = ReceivedRequest.Of(context);
        var requestBody = new CountingStream(context.Request.Body);
        var responseBody = new CountingStream(context.Response.Body);
        context.Request.Body = requestBody;
        context.Response.Body = responseBody;
        context.Response.Headers["x-amzn-RequestId"] = received.RequestId;
        var asked = Asked.Begin();
        var recorded = 0;

        // Before the answer goes out: who has it finds the request in the list.
        context.Response.OnStarting(() =>
        {
            Record();
            return Task.CompletedTask;
        });
        try
        {
            await next(context);
            if (!asked.IsDecided && IsRegistryAnswer(context, received))
            {
                log.AddDefect($"{context.Request.Method} {context.Request.Path} was answered although nobody asked the authorizer.");
            }
        }
        catch (Exception gone) when (context.RequestAborted.IsCancellationRequested && gone is OperationCanceledException or IOException)
        {
            // The client left: there is no one to answer.
            context.Abort();
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            // Kestrel's own words for a body that is too slow, too long or cut off.
            context.Response.StatusCode = bad.StatusCode;
        }
#pragma warning disable CA1031 // Whatever escaped a handler is a defect, and has to be seen as one.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            log.AddDefect($"{context.Request.Method} {context.Request.Path}: {defect}");
            await AnswerDefectAsync(context);
        }
        finally
        {
            Record();
        }

        void Record()
        {
            if (Interlocked.Exchange(ref recorded, 1) == 0)
            {
                log.Add(received.ToRecord(context, () => requestBody.Count, () => responseBody.Count));
            }
        }
    }

    /// <summary>API calls are watched where they are dispatched; of the registry's, <c>GET /v2/</c> needs a token only (authorization.md 1.3).</summary>
    private static bool IsRegistryAnswer(HttpContext context, ReceivedRequest received) =>
        received.Service is "registry" && context.Response.StatusCode < StatusCodes.Status400BadRequest && context.Request.Path.Value is not ("/v2/" or "/v2");

    private static async Task AnswerDefectAsync(HttpContext context)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        await context.Response.WriteAsync("The sandbox has a defect; see its list of defects.", context.RequestAborted);
    }
}
