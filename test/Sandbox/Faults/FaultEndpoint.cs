using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sandbox.Worlds;

namespace Sandbox.Faults;

/// <summary><c>/_sandbox/faults</c>: GET tells the rules, POST adds a list of them as in a world file, DELETE takes all away.</summary>
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
        return context.Response.WriteAsync(WorldFile.Write(plan.Rules) + "\n", context.RequestAborted);
    }

    private static async Task AddAsync(HttpContext context, FaultPlan plan)
    {
        using var body = new StreamReader(context.Request.Body);
        try
        {
            var rules = WorldFile.Parse<FaultRule[]>(await body.ReadToEndAsync(context.RequestAborted), "faults");
            Array.ForEach(rules, plan.Add);
            await TellAsync(context, plan);
        }
        catch (FormatException wrong)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(wrong.Message + "\n", context.RequestAborted);
        }
    }
}
