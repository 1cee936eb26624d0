using System.Net;

namespace Sandbox.Wire;

/// <summary>One request that the sandbox answered.</summary>
public sealed record RequestRecord
{
    /// <summary>The signing name of an API call; <c>registry</c> under /v2/, <c>bitbucket</c> for Bitbucket's own; null for anything else.</summary>
    public string? Service { get; init; }

    public string? Operation { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    public string? CallerArn { get; init; }

    public required HttpStatusCode Status { get; init; }

    public string? ErrorCode { get; init; }

    public IReadOnlyList<string> UnknownMembers { get; init; } = [];

    /// <summary>Bytes of the request's body that were read.</summary>
    public long BytesIn => Read();

    /// <summary>Bytes of the answer's body that were written.</summary>
    public long BytesOut => Written();

    public required string RequestId { get; init; }

    /// <summary>Counts on while the request is served: its record is there before its answer arrives.</summary>
    internal Func<long> Read { get; init; } = () => 0;

    internal Func<long> Written { get; init; } = () => 0;

    /// <summary><c>ecs:UpdateService 200</c>, or <c>PUT /v2/… 201</c>.</summary>
    public override string ToString()
    {
        var name = Operation is null ? $"{Method} {Path}" : $"{Service}:{Operation}";
        return ErrorCode is null ? $"{name} {(int)Status}" : $"{name} {(int)Status} {ErrorCode}";
    }
}
