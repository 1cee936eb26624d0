using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sandbox.Bitbucket;
using Sandbox.Ecs.Engine;
using Sandbox.Hosting;
using Sandbox.Worlds;

namespace Sandbox.Pages;

/// <summary>The page, and what drives a sandbox from outside its process: state, tokens, behaviours of tasks.</summary>
internal sealed class ControlEndpoints(SandboxParts parts)
{
    private readonly SandboxState _state = new(parts);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", context => WriteAsync(context, "text/html; charset=utf-8", StatePage.Of(_state.Describe())));
        routes.MapGet("/_sandbox/state", context => WriteAsync(context, "application/json", _state.Describe().ToJsonString(new JsonSerializerOptions { WriteIndented = true })));
        routes.MapPost("/_sandbox/token", context => AnswerAsync(context, Token));
        routes.MapPost("/_sandbox/behaviours", context => AnswerAsync(context, AddBehaviour));
    }

    /// <summary>A body with the members of <see cref="OidcTokenRequest"/>, or none; the answer is the token alone.</summary>
    private string Token(string body) => parts.Issuer.Mint(body.Length is 0 ? new OidcTokenRequest() : WorldFile.Parse<OidcTokenRequest>(body, "The request"));

    /// <summary>A body with the members of <see cref="BehaviourRule"/>, in JSON or YAML.</summary>
    private string AddBehaviour(string body)
    {
        var rule = WorldFile.Parse<BehaviourRule>(body, "The request");
        lock (parts.Ecs.Agenda.Gate)
        {
            parts.Ecs.Behaviours.Add(rule);
        }

        return "";
    }

    private static async Task AnswerAsync(HttpContext context, Func<string, string> answer)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        try
        {
            await WriteAsync(context, "text/plain; charset=utf-8", answer(body) + "\n");
        }
        catch (Exception wrong) when (wrong is FormatException or ArgumentException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await WriteAsync(context, "text/plain; charset=utf-8", wrong.Message + "\n");
        }
    }

    private static Task WriteAsync(HttpContext context, string type, string text)
    {
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
