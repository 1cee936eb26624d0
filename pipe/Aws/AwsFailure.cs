namespace EcsDeploy.Aws;

/// <summary>What was asked, of which service, where, as whom.</summary>
internal sealed record AwsCall(string Service, string Operation, string Region, string Identity)
{
    /// <summary>Why it is asked as whom, where that is another account's role for want of an own one; else empty.</summary>
    public string StandIn { get; init; } = string.Empty;
}

/// <summary>How one call failed, in the terms that retrying and reporting decide by.</summary>
internal sealed record AwsFailure
{
    public required AwsCall Call { get; init; }

    public required AwsFailureKind Kind { get; init; }

    public string Code { get; init; } = string.Empty;

    /// <summary>AWS's sentence, or the network's; on one line, bounded.</summary>
    public string Message { get; init; } = string.Empty;

    public int Status { get; init; }

    public string RequestId { get; init; } = string.Empty;

    /// <summary>What the answer asked to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How often it was sent; more than one after retries.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Which address was asked, without path.</summary>
    public string Address { get; init; } = string.Empty;
}

/// <summary>The kinds of failure that differ in what is done next.</summary>
internal enum AwsFailureKind
{
    /// <summary>The service understood and said no: wrong name, wrong state, wrong input.</summary>
    Rejected,
    AccessDenied,
    Throttled,

    /// <summary>The credentials that signed the call have ended; nothing was done.</summary>
    Expired,

    /// <summary>The signature or the key is not accepted; nothing was done.</summary>
    Unrecognized,

    /// <summary>5xx: the service may or may not have acted.</summary>
    ServerError,

    /// <summary>No connection came about; nothing was sent.</summary>
    NotReached,

    /// <summary>Sent, and no answer, or half of one, came back.</summary>
    AnswerLost,
}
