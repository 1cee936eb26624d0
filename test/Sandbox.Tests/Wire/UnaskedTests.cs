using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sandbox.Authorization;
using Sandbox.Signatures;
using Sandbox.Wire;
using Sandbox.Worlds;
using Xunit;

namespace Sandbox.Tests.Wire;

/// <summary>A handler that answers without having asked the authorizer is a defect, and is seen as one.</summary>
public sealed class UnaskedTests
{
    [Theory]
    [InlineData(true, 200, 0)]
    [InlineData(false, 500, 1)]
    public async Task Nothing_is_answered_unasked(bool asks, int status, int defects)
    {
        var log = new RequestLog();
        var endpoint = new AwsEndpoint([new Careless(asks)], new SignatureVerifier(new CredentialStore(DefaultWorld.Create()), TimeProvider.System), log);
        var context = new DefaultHttpContext();
        var received = ReceivedRequest.Of(context);

        // The one call that needs no signature.
        (received.Service, received.Operation) = ("sts", "AssumeRoleWithWebIdentity");
        received.Form = new Dictionary<string, string> { ["RoleArn"] = "arn:aws:iam::222222222222:role/r", ["RoleSessionName"] = "step-1", ["WebIdentityToken"] = "abcd" };

        await endpoint.AnswerAsync(context);

        Assert.Equal((status, defects), (context.Response.StatusCode, log.Defects.Count));
    }

    private sealed class Careless(bool asks) : IApiService
    {
        public string Name => "sts";

        public string TargetPrefix => "";

        public Task<JsonObject> AnswerAsync(ApiCall call, CancellationToken token)
        {
            if (asks)
            {
                Asked.NoPermissionNeeded();
            }

            return Task.FromResult(new JsonObject());
        }
    }
}
