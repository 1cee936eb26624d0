using Microsoft.AspNetCore.Http;
using Sandbox.Wire;

namespace Sandbox.Sts;

/// <summary>STS's own names and statuses for errors that every service has (authorization.md 2.2, 2.4).</summary>
internal static class StsErrors
{
    public static ApiException From(ApiException error)
    {
        return error.Code switch
        {
            "MissingAuthenticationTokenException" => Named("MissingAuthenticationToken", "Request is missing Authentication Token"),
            "UnrecognizedClientException" => Named("InvalidClientTokenId", error.Message),
            "InvalidSignatureException" => Named("SignatureDoesNotMatch", error.Message),
            "IncompleteSignatureException" => Named("IncompleteSignature", error.Message, StatusCodes.Status400BadRequest),
            "AccessDeniedException" => Named("AccessDenied", error.Message),
            "ExpiredTokenException" when error.Message.StartsWith("The security token", StringComparison.Ordinal) => Named("ExpiredToken", error.Message),
            _ => error,
        };
    }

    private static ApiException Named(string code, string message, int status = StatusCodes.Status403Forbidden) => new(code, message, status);
}
