using System.Net;
using System.Security.Authentication;

namespace EcsDeploy.Registry;

/// <summary>A registry answered what was not expected, or did not answer; it says itself whether another try makes sense.</summary>
internal sealed class RegistryException(string message, Exception? inner = null) : PipeException(message, inner)
{
    public override ExitCode ExitCode => ExitCode.Push;

    /// <summary>Null when there was no answer.</summary>
    public HttpStatusCode? Status { get; private init; }

    /// <summary>Null when the failure is not of one request.</summary>
    public HttpMethod? Method { get; private init; }

    /// <summary>The registry that was asked; null when the failure is not of one request.</summary>
    public string? Host { get; private init; }

    /// <summary>It was not the registry that answered, but where it had sent us: the storage of its layers.</summary>
    public bool IsOfRedirect { get; private init; }

    /// <summary>It is about bytes that came from the registry: they broke off, or are not what was promised.</summary>
    public bool IsOfContent { get; private init; }

    /// <summary>What the registry said; empty when it said nothing.</summary>
    public IReadOnlyList<RegistryError> Errors { get; private init; } = [];

    /// <summary>Another try may end differently.</summary>
    public bool IsTransient { get; private init; }

    /// <summary>How long the registry asked us to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>The connection ended in place of an answer to what was sent: on ECR also the sign of a repository or a permission that is missing.</summary>
    public bool WasCut { get; private init; }

    public bool Says(string code) => Errors.Any(error => error.Code == code);

    /// <summary>From an answer; the caller still owns it.</summary>
    public static async Task<RegistryException> FromAsync(
        HttpResponseMessage response, HttpMethod method, Uri address, TimeProvider time, CancellationToken token, bool redirected = false)
    {
        IReadOnlyList<RegistryError> errors;
        try
        {
            errors = method == HttpMethod.Head ? [] : await RegistryError.ReadAsync(response.Content, token);
        }
        catch (Exception unread) when (unread is IOException or HttpRequestException)
        {
            errors = [];
        }

        var said = errors.Count > 0 ? string.Join("; ", errors)
            : method == HttpMethod.Head ? "answers to HEAD say no more" : "without a word";
        var status = (int)response.StatusCode;
        var wait = response.Headers.RetryAfter is { } header ? header.Delta ?? (header.Date - time.GetUtcNow()) : null;
        return new RegistryException($"{method} {Redacted(address)} was answered {status}: {said}.")
        {
            Status = response.StatusCode,
            Method = method,
            Host = address.Authority,
            IsOfRedirect = redirected,
            Errors = errors,
            // go-containerregistry's transport has the same list; 499 and 520 and above are gateways speaking.
            IsTransient = status is 408 or 429 or 499 or (>= 500 and not 501 and not 505),
            RetryAfter = wait < TimeSpan.Zero ? TimeSpan.Zero : wait,
        };
    }

    /// <summary>The same, of which another try is known to make sense.</summary>
    public RegistryException AsTransient() => new(Message, InnerException)
    {
        Status = Status,
        Method = Method,
        Host = Host,
        IsOfRedirect = IsOfRedirect,
        IsOfContent = IsOfContent,
        Errors = Errors,
        IsTransient = true,
        RetryAfter = RetryAfter,
        WasCut = WasCut,
    };

    /// <summary>There was no answer.</summary>
    public static RegistryException Unanswered(HttpMethod method, Uri address, Exception cause)
    {
        // A handshake that is cut is told in the same way, with an IOException inside: nothing was sent yet, so it says nothing of the request.
        var shaking = cause is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError };
        var distrusted = shaking && cause.InnerException is AuthenticationException;
        var hint = distrusted ? " If a proxy of yours re-signs connections, set CA_BUNDLE." : "";
        return new RegistryException($"{method} {Redacted(address)} got no answer: {RegistryError.Clean((cause.InnerException ?? cause).Message).TrimEnd('.')}.{hint}", cause)
        {
            Method = method,
            Host = address.Authority,
            IsTransient = !distrusted,
            WasCut = !shaking && (cause is HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } or IOException || cause.InnerException is IOException),
        };
    }

    /// <summary>Nothing moved for a while.</summary>
    public static RegistryException Stalled(HttpMethod method, Uri address, TimeSpan after, Exception cause) =>
        new($"{method} {Redacted(address)} stood still for {after.TotalSeconds:0} seconds.", cause) { Method = method, Host = address.Authority, IsTransient = true };

    /// <summary>The registry answered that it is not there.</summary>
    public static RegistryException Missing(string message) => new(message) { Status = HttpStatusCode.NotFound };

    /// <summary>What came is not what was asked for.</summary>
    public static RegistryException Broken(string message, bool transient = false) => new(message) { IsTransient = transient };

    /// <summary>The bytes that came are not what was asked for, or stopped coming.</summary>
    public static RegistryException BrokenContent(string message, bool transient = false) => new(message) { IsTransient = transient, IsOfContent = true };

    /// <summary>Queries carry upload states and pre-signed keys, so they are not printed.</summary>
    public static string Redacted(Uri address) => RegistryError.Clean(address.GetLeftPart(UriPartial.Path).Replace(address.UserInfo + "@", "", StringComparison.Ordinal));
}
