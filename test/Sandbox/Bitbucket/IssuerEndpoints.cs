using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sandbox.Wire;
using Sandbox.Worlds;

namespace Sandbox.Bitbucket;

/// <summary>The issuer's two documents: discovery, and the key that verifies its tokens.</summary>
internal static class IssuerEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, Workspace workspace, OidcIssuer issuer)
    {
        var group = routes.MapGroup($"/2.0/workspaces/{workspace.Slug}/pipelines-config/identity/oidc");
        group.MapGet("/.well-known/openid-configuration", context => AnswerAsync(context, Discovery(context.Request, issuer)));
        group.MapGet("/keys.json", context => AnswerAsync(context, new JsonObject { ["keys"] = new JsonArray(SigningKey.Published.ToJwk()) }));
    }

    /// <summary>The issuer is Bitbucket's real address, as in tokens and trust policies; the keys' address is one that can be reached here.</summary>
    private static JsonObject Discovery(HttpRequest request, OidcIssuer issuer)
    {
        var folder = request.Path.Value!.Replace("/.well-known/openid-configuration", "", StringComparison.Ordinal);
        return new JsonObject
        {
            ["issuer"] = issuer.Address,
            ["jwks_uri"] = $"{request.Scheme}://{request.Host}{folder}/keys.json",
            ["response_types_supported"] = new JsonArray("id_token"),
            ["subject_types_supported"] = new JsonArray("public"),
            ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
        };
    }

    private static Task AnswerAsync(HttpContext context, JsonObject document)
    {
        ReceivedRequest.Of(context).Service = "bitbucket";
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(document.ToJsonString(), context.RequestAborted);
    }
}
