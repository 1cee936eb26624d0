using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sandbox.Authorization;
using Sandbox.Facts;
using Sandbox.Signatures;
using Sandbox.Sts;
using Sandbox.Worlds;

namespace Sandbox.Wire;

/// <summary>Answers <c>POST /</c>: finds the service, checks signature and input, lets it answer, and writes answer or error in its protocol.</summary>
internal sealed class AwsEndpoint(IReadOnlyList<IApiService> services, SignatureVerifier signatures, RequestLog log)
{
    /// <summary>The one call that a stranger may make: it brings its own proof (authorization.md 1.4).</summary>
    private const string Unsigned = "AssumeRoleWithWebIdentity";

    private readonly AnswerCheck _answers = new();

    private static readonly Caller Anonymous = new() { AccountId = "", Arn = "anonymous" };

    public async Task AnswerAsync(HttpContext context)
    {
        var received = ReceivedRequest.Of(context);
        var isSts = received.Service is "sts";
        try
        {
            var output = await OutputAsync(context, received);
            await (isSts ? QueryProtocol.WriteAsync(context, received.Operation!, received.RequestId, output) : JsonProtocol.WriteAsync(context, output));
        }
        catch (ApiException error)
        {
            var answer = isSts ? StsErrors.From(error) : error;
            received.ErrorCode = answer.Code;
            await (isSts ? QueryProtocol.WriteErrorAsync(context, answer, received.RequestId) : JsonProtocol.WriteErrorAsync(context, answer));
        }
    }

    private async Task<JsonObject> OutputAsync(HttpContext context, ReceivedRequest received)
    {
        if (received.IsTooLarge)
        {
            // Inferred: the rule is documented, the words are ours.
            throw new ApiException("RequestEntityTooLargeException", "Request size exceeded the limit.", StatusCodes.Status413PayloadTooLarge);
        }

        var service = services.FirstOrDefault(service => service.Name == received.Service) ?? throw new ApiException("UnknownOperationException", "");
        var (caller, region) = service.Name is "sts" && received.Operation is Unsigned
            ? (Anonymous, "")
            : signatures.Verify(context, service.Name, received.Body);
        received.CallerArn = caller.Arn;
        var operation = received.Operation ?? throw new ApiException("MissingAction", "Could not find a valid Action in the request.");
        if (!ApiFacts.Knows(service.Name, operation))
        {
            throw service.Name is "sts"
                ? new ApiException("InvalidAction", $"Could not find operation {operation} for version {QueryProtocol.Version}")
                : new ApiException("UnknownOperationException", "");
        }

        var input = service.Name is "sts" ? QueryProtocol.Input(received.Form ?? new Dictionary<string, string>()) : JsonProtocol.Input(received.Body);
        received.UnknownMembers = ApiFacts.Check(service.Name, operation, input).UnknownMembers;
        _answers.Sent(received.UnknownMembers);
        var call = new ApiCall
        {
            Service = service.Name,
            Operation = operation,
            Input = input,
            Caller = caller,
            Region = region,
            RequestId = received.RequestId,
        };

        var asked = Asked.Begin();
        var output = await service.AnswerAsync(call, context.RequestAborted);
        if (!asked.IsDecided)
        {
            log.AddDefect($"{call.Service}:{call.Operation} was answered although nobody asked the authorizer.");
            throw new ApiException("InternalFailure", $"The sandbox did not authorize {call.Operation}.", StatusCodes.Status500InternalServerError);
        }

        foreach (var misfit in _answers.Misfits(call, output))
        {
            log.AddDefect($"{call.Service}:{call.Operation} gave an answer that its model does not allow: {misfit}");
        }

        return output;
    }
}
