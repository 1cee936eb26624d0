using System.Text;
using Microsoft.AspNetCore.Http;
using Sandbox.Time;
using Sandbox.Wire;

namespace Sandbox.Faults;

/// <summary>Lets requests go wrong as the plan says; stands where the operation is known and nothing has been done.</summary>
public sealed class FaultMiddleware(FaultPlan plan, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var serve = next;
        foreach (var (fault, strikes) in plan.Count(NameOf(context)))
        {
            serve = fault.Rule.Kind == FaultKind.Stale ? Stale(fault, strikes, serve) : strikes ? Told(fault.Rule, Struck(fault.Rule, serve)) : serve;
        }

        await serve(context);
    }

    private static string NameOf(HttpContext context) => ReceivedRequest.Of(context) is { Operation: { } operation } received
        ? $"{received.Service}:{operation}"
        : $"{context.Request.Method} {context.Request.Path}";

    private RequestDelegate Struck(FaultRule rule, RequestDelegate serve) => rule.Kind switch
    {
        FaultKind.ResetBefore => Abort,
        FaultKind.ErrorAfter => context => DenyAsync(context, serve, rule),
        FaultKind.CutRequest => CutRequestAsync,
        FaultKind.ResetAfter => context => LoseAnswerAsync(context, serve, rule.Meanwhile),
        FaultKind.Slow => context => ServeSlowlyAsync(context, serve, Pause(rule)),
        FaultKind.Stall => context => InTheMiddle(context, serve, () => ServerPause.ForAsync(Pause(rule), time, context.RequestAborted)),
        FaultKind.Cut => context => InTheMiddle(context, serve, () => Abort(context)),
        _ => context => FaultAnswers.WriteAsync(context, rule, time),
    };

    private static TimeSpan Pause(FaultRule rule) => rule.Duration is { } pause && pause < TimeSpan.MaxValue ? pause : Timeout.InfiniteTimeSpan;

    private static RequestDelegate Told(FaultRule rule, RequestDelegate struck)
    {
        if (rule is { Meanwhile: null } or { Kind: FaultKind.ResetAfter })
        {
            return struck;
        }

        return context =>
        {
            rule.Meanwhile();
            return struck(context);
        };
    }

    private static async Task LoseAnswerAsync(HttpContext context, RequestDelegate serve, Action? meanwhile)
    {
        context.Response.Body = Stream.Null;
        await serve(context);
        meanwhile?.Invoke();
        await Abort(context);
    }

    private async Task DenyAsync(HttpContext context, RequestDelegate serve, FaultRule rule)
    {
        var body = context.Response.Body;
        context.Response.Body = Stream.Null;
        await serve(context);
        context.Response.Clear();
        context.Response.Body = body;
        await FaultAnswers.WriteAsync(context, rule, time);
    }

    private static async Task CutRequestAsync(HttpContext context)
    {
        var half = (int)Math.Min((context.Request.ContentLength / 2) ?? 1, 64 * 1024);
        await context.Request.Body.ReadAtLeastAsync(new byte[half], half, throwOnEndOfStream: false, context.RequestAborted);
        await Abort(context);
    }

    private async Task ServeSlowlyAsync(HttpContext context, RequestDelegate serve, TimeSpan pause)
    {
        await ServerPause.ForAsync(pause, time, context.RequestAborted);
        await serve(context);
    }

    private static Task InTheMiddle(HttpContext context, RequestDelegate serve, Func<Task> middle)
    {
        context.Response.Body = new HalfwayStream(context.Response.Body, middle);
        return serve(context);
    }

    private static RequestDelegate Stale(ActiveFault fault, bool strikes, RequestDelegate serve) => async context =>
    {
        var request = $"{context.Request.Path}{context.Request.QueryString} {Encoding.UTF8.GetString(ReceivedRequest.Of(context).Body.Span)}";
        if (!strikes || !fault.Answers.TryGetValue(request, out var answer))
        {
            answer = await KeepAsync(context, serve);
            fault.Answers[request] = answer;
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = answer.Body.Length;
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    };

    private static async Task<KeptAnswer> KeepAsync(HttpContext context, RequestDelegate serve)
    {
        var outer = context.Response.Body;
        using var body = new MemoryStream();
        context.Response.Body = body;
        await serve(context);
        context.Response.Body = outer;
        return new KeptAnswer(context.Response.StatusCode, context.Response.ContentType, body.ToArray());
    }

    private static Task Abort(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }
}
