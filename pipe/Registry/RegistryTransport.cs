using System.Net;
using System.Net.Http.Headers;
using EcsDeploy.Logging;
using Serilog;

namespace EcsDeploy.Registry;

/// <summary>
/// Sends requests to one registry: with its authorization, under its own name wherever it is really asked, following redirects without handing
/// credentials to strangers. Whatever is not expected becomes a <see cref="RegistryException"/>. Redirects must be off in <paramref name="http"/>.
/// </summary>
internal sealed class RegistryTransport(
    HttpMessageInvoker http, RegistryEndpoint endpoint, IRegistryAuthorization authorization, TimeProvider time, ILogger log)
{
    private const int MostRedirects = 5;

    public RegistryEndpoint Endpoint => endpoint;

    public TimeProvider Time => time;

    /// <summary>The answer with its body unread; whoever gets it disposes it.</summary>
    public async Task<HttpResponseMessage> SendAsync(RegistryRequest request, CancellationToken token)
    {
        using var watch = new TransferWatch(time, token);
        return await SendAsync(request, watch);
    }

    /// <summary>The same under a watch that lives longer: for answers whose body is read later.</summary>
    public async Task<HttpResponseMessage> SendAsync(RegistryRequest request, TransferWatch watch)
    {
        try
        {
            return await AuthorizedAsync(request, watch);
        }
        catch (OperationCanceledException cancelled) when (watch.HasStalled)
        {
            throw RegistryException.Stalled(request.Method, request.Address, TransferWatch.Limit, cancelled);
        }
    }

    /// <summary>An answer's body of at most <paramref name="most"/> bytes; null when it is longer.</summary>
    public static async Task<byte[]?> ReadAsync(RegistryRequest request, HttpResponseMessage response, int most, TransferWatch watch)
    {
        try
        {
            return await AnswerJson.ReadBoundedAsync(response.Content, most, watch.Token);
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException)
        {
            throw RegistryException.Unanswered(request.Method, request.Address, cut);
        }
        catch (OperationCanceledException cancelled) when (watch.HasStalled)
        {
            throw RegistryException.Stalled(request.Method, request.Address, TransferWatch.Limit, cancelled);
        }
    }

    /// <summary>Where an answer sends us, relative or absolute; null when it does not say. Throws when it may not be gone to.</summary>
    public Uri? LocationOf(HttpResponseMessage response, Uri asked)
    {
        if (!response.Headers.TryGetValues("Location", out var values) || !Uri.TryCreate(asked, values.First(), out var target))
        {
            return null;
        }

        return endpoint.RefusalOf(target) is { } refusal
            ? throw RegistryException.Broken($"{endpoint.Host} sends us to {RegistryException.Redacted(target)}, which is not followed: {refusal}.")
            : target;
    }

    private async Task<HttpResponseMessage> AuthorizedAsync(RegistryRequest request, TransferWatch watch)
    {
        for (var renewed = false; ; renewed = true)
        {
            // Who asks for a login has limits of its own.
            watch.Pause();
            var header = await authorization.HeaderAsync(watch.Caller);
            watch.Moved();
            var (response, answered) = await FollowAsync(request, header, watch);
            if (request.Expected.Contains(response.StatusCode))
            {
                return response;
            }

            using (response)
            {
                var refusal = await RegistryException.FromAsync(response, request.Method, answered, time, watch.Token, redirected: answered != request.Address);
                // Where a redirect led, somebody else answers, who may not choose where our login goes.
                if (renewed || !IsAuthorizationMissing(refusal) || !endpoint.Owns(answered) || !await authorization.RenewAsync(header, Challenge.Of(response), watch.Caller))
                {
                    throw refusal;
                }
            }
        }
    }

    /// <summary>401; and ECR's way to say that a token ran out, which is a 403.</summary>
    private static bool IsAuthorizationMissing(RegistryException refusal) => refusal.Status == HttpStatusCode.Unauthorized
        || refusal.Errors.Any(error => error.Message.Contains("authorization token has expired", StringComparison.OrdinalIgnoreCase));

    private async Task<(HttpResponseMessage Response, Uri Answered)> FollowAsync(RegistryRequest request, AuthenticationHeaderValue? header, TransferWatch watch)
    {
        var address = request.Address;
        for (var redirects = 0; ; redirects++)
        {
            var response = await SendOnceAsync(request, address, header, watch);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || request.Content is not null || redirects == MostRedirects)
            {
                return (response, address);
            }

            using (response)
            {
                address = LocationOf(response, address) ?? throw RegistryException.Broken($"{RegistryException.Redacted(address)} redirects to nowhere.");
            }
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(RegistryRequest request, Uri address, AuthenticationHeaderValue? header, TransferWatch watch)
    {
        using var message = new HttpRequestMessage(request.Method, endpoint.Mapped(address));
        message.Headers.Host = address.Authority;
        message.Headers.Authorization = endpoint.Owns(address) ? header : null;
        message.Headers.TryAddWithoutValidation("User-Agent", "dotnet-ecs-deploy");
        foreach (var type in request.Accept)
        {
            message.Headers.TryAddWithoutValidation("Accept", type);
        }

        message.Content = request.Content?.Invoke(watch);
        var started = time.GetTimestamp();
        try
        {
            var response = await http.SendAsync(message, watch.Token);
            log.Debug("{Method} {Address} was answered {Status} after {Duration:0} ms, request id {RequestId}",
                request.Method, RegistryException.Redacted(address), (int)response.StatusCode, time.GetElapsedTime(started).TotalMilliseconds, RequestIds.Of(response));
            return response;
        }
        catch (Exception failure) when (watch.IsUnanswered(failure))
        {
            throw RegistryException.Unanswered(request.Method, address, failure);
        }
    }
}
