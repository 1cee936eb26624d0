namespace EcsDeploy.Aws;

/// <summary>Which kind of failure an error answer is, from its code and status.</summary>
internal static class AwsFailureKinds
{
    // What AWS's own SDKs hold for throttling ("standard" retry mode), and ECS's and ECR's own names.
    private static readonly HashSet<string> Throttling = new(StringComparer.Ordinal)
    {
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "RequestThrottled", "TooManyRequestsException",
        "ProvisionedThroughputExceededException", "BandwidthLimitExceeded", "RequestLimitExceeded", "SlowDown", "PriorRequestNotComplete", "EC2ThrottledException",
    };

    private static readonly HashSet<string> Denied = new(StringComparer.Ordinal)
    {
        "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized", "OptInRequired", "SubscriptionRequiredException",
    };

    private static readonly HashSet<string> Ended = new(StringComparer.Ordinal) { "ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired" };

    private static readonly HashSet<string> NotAccepted = new(StringComparer.Ordinal)
    {
        "UnrecognizedClientException", "InvalidClientTokenId", "InvalidSignatureException", "SignatureDoesNotMatch", "IncompleteSignature", "IncompleteSignatureException",
        "MissingAuthenticationToken", "MissingAuthenticationTokenException", "InvalidAccessKeyId", "RequestTimeTooSkewed", "AuthFailure",
    };

    public static AwsFailureKind Of(string code, int status)
    {
        if (Throttling.Contains(code) || status == 429)
        {
            return AwsFailureKind.Throttled;
        }

        if (Denied.Contains(code))
        {
            return AwsFailureKind.AccessDenied;
        }

        if (Ended.Contains(code))
        {
            return AwsFailureKind.Expired;
        }

        if (NotAccepted.Contains(code))
        {
            return AwsFailureKind.Unrecognized;
        }

        // ECS and ECR send ServerException with 500; STS sends IDPCommunicationError with 400 and says to try again.
        return status >= 500 || code is "ServerException" or "InternalFailure" or "IDPCommunicationError"
            ? AwsFailureKind.ServerError
            : AwsFailureKind.Rejected;
    }
}
