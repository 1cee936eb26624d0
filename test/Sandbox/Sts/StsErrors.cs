using Microsoft.AspNetCore.Http;
using Sandbox.Wire;

namespace Sandbox.Sts;

/// <summary>STS's own errors, and its names and statuses for those that every service has (authorization.md 2.2, 2.4).</summary>
internal static class StsErrors
{
    public static ApiException DurationTooLong => Validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");

    public static ApiException InvalidToken(string message) => new("InvalidIdentityToken", message);

    public static ApiException Validation(string message) => new("ValidationError", message);

    public static ApiException From(ApiException error)
    {
        return error.Code switch
        {
            "MissingAuthenticationTokenException" => Forbidden("MissingAuthenticationToken", "Request is missing Authentication Token"),
            "UnrecognizedClientException" => Forbidden("InvalidClientTokenId", error.Message),
            "InvalidSignatureException" => Forbidden("SignatureDoesNotMatch", error.Message),
            "IncompleteSignatureException" => new("IncompleteSignature", error.Message),
            "AccessDeniedException" => Forbidden("AccessDenied", error.Message),
            "SerializationException" => new("MalformedInput", error.Message),
            "ExpiredTokenException" when error.Message.StartsWith("The security token", StringComparison.Ordinal) => Forbidden("ExpiredToken", error.Message),
            _ => error,
        };
    }

    private static ApiException Forbidden(string code, string message) => new(code, message, StatusCodes.Status403Forbidden);
}
