using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Sandbox.Faults;

/// <summary><c>/_sandbox/faults</c>: GET tells the rules, POST adds one or a list of them, DELETE takes all away.</summary>
public static class FaultEndpoint
{
    private const string Path = "/_sandbox/faults";

    public static void Map(IEndpointRouteBuilder app, FaultPlan plan)
    {
        app.MapGet(Path, context => TellAsync(context, plan));
        app.MapPost(Path, context => AddAsync(context, plan));
        app.MapDelete(Path, context =>
        {
            plan.Clear();
            return TellAsync(context, plan);
        });
    }

    private static Task TellAsync(HttpContext context, FaultPlan plan)
    {
        context.Response.ContentType = "application/json";
        var rules = new JsonArray([.. plan.Rules.Select(FaultText.Write)]);
        return context.Response.WriteAsync(rules.ToJsonString() + "\n", context.RequestAborted);
    }

    private static async Task AddAsync(HttpContext context, FaultPlan plan)
    {
        try
        {
            var sent = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            var rules = sent is JsonArray list ? list.Select(FaultText.Read).ToArray() : [FaultText.Read(sent)];
            Array.ForEach(rules, plan.Add);
            await TellAsync(context, plan);
        }
        catch (Exception wrong) when (wrong is FormatException or JsonException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(wrong.Message + "\n", context.RequestAborted);
        }
    }
}
