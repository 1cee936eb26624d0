using System.Net;
using Microsoft.AspNetCore.Http;

namespace Sandbox.Wire;

/// <summary>What is known so far about a request that is being answered; every part adds what it learns, and the log keeps it.</summary>
public sealed class ReceivedRequest
{
    /// <summary>The signing name of an API call; <c>registry</c> under /v2/, <c>bitbucket</c> for Bitbucket's own; null for anything else.</summary>
    public string? Service { get; set; }

    /// <summary>An API call's operation; null when it is none or could not be told.</summary>
    public string? Operation { get; set; }

    /// <summary>The ARN of who asks, as soon as it is known.</summary>
    public string? CallerArn { get; set; }

    /// <summary>The code of the error that was answered.</summary>
    public string? ErrorCode { get; set; }

    /// <summary>Members of the input that no model knows.</summary>
    public IReadOnlyList<string> UnknownMembers { get; set; } = [];

    /// <summary>The whole body of an API call; empty for all else, which is streamed.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>The fields of a call by the Query protocol; null when it is none, or was no readable form.</summary>
    public IReadOnlyDictionary<string, string>? Form { get; set; }

    /// <summary>The body was over the limit and was not read.</summary>
    public bool IsTooLarge { get; set; }

    public string RequestId { get; } = Guid.NewGuid().ToString();

    public static ReceivedRequest Of(HttpContext context)
    {
        if (context.Features.Get<ReceivedRequest>() is { } known)
        {
            return known;
        }

        var received = new ReceivedRequest();
        context.Features.Set(received);
        return received;
    }

    /// <summary>The request as it is kept once it was answered.</summary>
    public RequestRecord ToRecord(HttpContext context, Func<long> read, Func<long> written)
    {
        return new RequestRecord
        {
            Service = Service,
            Operation = Operation,
            Method = context.Request.Method,
            Path = context.Request.Path.Value ?? "/",
            CallerArn = CallerArn,
            Status = (HttpStatusCode)context.Response.StatusCode,
            ErrorCode = ErrorCode,
            UnknownMembers = UnknownMembers,
            Read = read,
            Written = written,
            RequestId = RequestId,
        };
    }
}
