using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sandbox.Registry;
using Sandbox.Sts;
using Sandbox.Wire;

namespace Sandbox.Faults;

/// <summary>The errors that faults answer, in the words and the protocol of the service that was called.</summary>
internal static class FaultAnswers
{
    public static async Task WriteAsync(HttpContext context, FaultRule rule, TimeProvider time)
    {
        var received = ReceivedRequest.Of(context);
        if (received.Operation is null)
        {
            await WriteRegistryErrorAsync(context, rule, time);
            return;
        }

        var error = Error(received.Service, rule);
        var isSts = received.Service == "sts";
        received.ErrorCode = error.Code;
        await (isSts ? QueryProtocol.WriteErrorAsync(context, StsErrors.From(error), received.RequestId) : JsonProtocol.WriteErrorAsync(context, error));
    }

    private static ApiException Error(string? service, FaultRule rule) => (rule.Kind, service) switch
    {
        (FaultKind.Throttle, "sts") => new ApiException("Throttling", "Rate exceeded"),
        // ECS: "Request throttling for the Amazon ECS API", HTTP 400.
        (FaultKind.Throttle, _) => new ApiException("ThrottlingException", "Rate exceeded"),
        (FaultKind.Expired, _) => new ApiException("ExpiredTokenException", "The security token included in the request is expired"),
        // ServerException is the modelled fault of ECS and ECR, ServiceUnavailableException the one of CloudWatch Logs.
        (_, "logs") => new ApiException("ServiceUnavailableException", "The service cannot complete the request.", rule.Status ?? 503),
        (_, "sts") => new ApiException("InternalFailure", "An internal error occurred.", rule.Status ?? 500),
        _ => new ApiException("ServerException", "Service Unavailable. Please try again later.", rule.Status ?? 500),
    };

    private static async Task WriteRegistryErrorAsync(HttpContext context, FaultRule rule, TimeProvider time)
    {
        if (rule is { Kind: FaultKind.Throttle, Duration: { } wait })
        {
            // A date knows no fractions: one that is not too early is the next whole second.
            context.Response.Headers.RetryAfter = rule.RetryAfterIsDate
                ? (time.GetUtcNow() + wait + TimeSpan.FromSeconds(1)).ToString("R", CultureInfo.InvariantCulture)
                : Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        await RegistryEndpoints.WriteAsync(context, rule.Kind switch
        {
            FaultKind.Throttle => new RegistryException(StatusCodes.Status429TooManyRequests, "TOOMANYREQUESTS", "Rate exceeded"),
            FaultKind.Expired => RegistryErrors.TokenExpired,
            _ => new RegistryException(rule.Status ?? StatusCodes.Status500InternalServerError, "UNKNOWN", "Internal server error"),
        });
    }
}
