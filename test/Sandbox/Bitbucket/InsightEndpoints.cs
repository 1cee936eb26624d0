using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sandbox.Wire;
using Sandbox.Worlds;

namespace Sandbox.Bitbucket;

/// <summary>
/// The proxy beside every step, and Code Insights behind it: it takes <c>PUT http://api.bitbucket.org/2.0/…</c>, plain HTTP with the whole
/// address in the request line, and authenticates it. The same request without the proxy has no credentials (bitbucket.md 5.1).
/// </summary>
internal sealed class InsightEndpoints(CodeInsights insights)
{
    private const string Host = "api.bitbucket.org";
    private const int Limit = 1024 * 1024;

    public void Map(IEndpointRouteBuilder routes, Workspace workspace)
    {
        var report = $"/2.0/repositories/{workspace.Slug}/{workspace.RepositorySlug}/commit/{{commit}}/reports/{{id}}";
        routes.MapPut(report, context => AnswerAsync(context, PutAsync));
        routes.MapPost(report + "/annotations", context => AnswerAsync(context, AnnotateAsync));
    }

    private static async Task AnswerAsync(HttpContext context, Func<HttpContext, JsonNode?, Task> answer)
    {
        ReceivedRequest.Of(context).Service = "bitbucket";
        if (context.Request.Host.Host is not Host)
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "Token is invalid, expired, or not supported for this endpoint.");
            return;
        }

        JsonNode? body = null;
        try
        {
            body = context.Request.ContentLength > Limit ? null : await JsonNode.ParseAsync(context.Request.Body, null, default, context.RequestAborted);
        }
        catch (JsonException)
        {
            // Told below: there is no body that could be read.
        }

        await (body is null ? RefuseAsync(context, StatusCodes.Status400BadRequest, "The request body is not JSON") : answer(context, body));
    }

    private async Task PutAsync(HttpContext context, JsonNode? body)
    {
        if ((body is JsonObject given ? InsightRules.ReportFault(given) : "a report is an object") is { } fault)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, fault);
            return;
        }

        insights.Put(Value(context, "commit"), Value(context, "id"), (JsonObject)body!);
        await WriteAsync(context, StatusCodes.Status200OK, body!);
    }

    private async Task AnnotateAsync(HttpContext context, JsonNode? body)
    {
        if (insights.Find(Value(context, "commit"), Value(context, "id")) is not { } report)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "Report not found");
            return;
        }

        if (Fault(body, report) is { } fault)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, fault);
            return;
        }

        insights.Annotate(report, body!.AsArray().Select(annotation => (JsonObject)annotation!));
        await WriteAsync(context, StatusCodes.Status200OK, body);
    }

    private static string? Fault(JsonNode? body, InsightReport report)
    {
        return body is not JsonArray list || list.Any(item => item is not JsonObject) ? "annotations are a list of objects"
            : list.Count is < 1 or > InsightRules.AnnotationsPerCall ? $"a call has between 1 and {InsightRules.AnnotationsPerCall} annotations"
            : report.Annotations.Count + list.Count > InsightRules.AnnotationsPerReport ? $"a report has at most {InsightRules.AnnotationsPerReport} annotations"
            : list.Select(item => InsightRules.AnnotationFault((JsonObject)item!)).FirstOrDefault(fault => fault is not null);
    }

    private static string Value(HttpContext context, string name) => (string)context.Request.RouteValues[name]!;

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        ReceivedRequest.Of(context).ErrorCode = message;
        return WriteAsync(context, status, new JsonObject { ["type"] = "error", ["error"] = new JsonObject { ["message"] = message } });
    }

    private static Task WriteAsync(HttpContext context, int status, JsonNode body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }
}
