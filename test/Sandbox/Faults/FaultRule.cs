namespace Sandbox.Faults;

/// <summary>What can go wrong with a request on purpose.</summary>
public enum FaultKind
{
    /// <summary>The service's throttling error; 429 with Retry-After on <c>/v2/</c>.</summary>
    Throttle,

    /// <summary>The service's own server error.</summary>
    ServerError,

    /// <summary>It is done, and the answer is the service's own server error all the same.</summary>
    ErrorAfter,

    /// <summary>The connection breaks in the middle of the request's body.</summary>
    CutRequest,

    /// <summary>The connection breaks before anything was done.</summary>
    ResetBefore,

    /// <summary>It is done, and the connection breaks before the answer.</summary>
    ResetAfter,

    /// <summary>The connection breaks in the middle of the answer's body.</summary>
    Cut,

    /// <summary>The request is served only after a pause on the clock.</summary>
    Slow,

    /// <summary>A pause on the clock in the middle of the answer's body.</summary>
    Stall,

    /// <summary>The answer that the same request got the last time, as if nothing had been written since.</summary>
    Stale,

    /// <summary>The credentials or the registry token are refused as expired.</summary>
    Expired,
}

/// <summary>One thing that goes wrong: on which requests, and how.</summary>
public sealed record FaultRule
{
    /// <summary><c>ecs:UpdateService</c>, <c>ecr:*</c>, or for other requests method and path: <c>PUT /v2/*/manifests/*</c>.</summary>
    public required string On { get; init; }

    public required FaultKind Kind { get; init; }

    /// <summary>The first request that it strikes, counted from 1 since the rule was set.</summary>
    public int First { get; init; } = 1;

    /// <summary>How many requests it strikes from there; null means all.</summary>
    public int? Count { get; init; } = 1;

    /// <summary>The length of a pause, null means for ever; the seconds of Retry-After, null means none.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Retry-After is a date, not seconds; RFC 9110 §10.2.3 allows either.</summary>
    public bool RetryAfterIsDate { get; init; }

    /// <summary>The status of a server error; null means the service's usual one.</summary>
    public int? Status { get; init; }

    /// <summary>Called when it strikes: before anything is done, or for a lost answer between the act and the break.</summary>
    public Action? Meanwhile { get; init; }
}
