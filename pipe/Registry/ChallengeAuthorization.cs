using System.Net.Http.Headers;
using EcsDeploy.Settings;

namespace EcsDeploy.Registry;

/// <summary>
/// Goes without a header until the registry asks for one, then answers its challenge: Basic with the login, or a bearer token from the realm that it
/// names (distribution's token specification), as Docker Hub, ECR Public and Microsoft's registry want it.
/// </summary>
internal sealed class ChallengeAuthorization(HttpMessageInvoker http, RegistryEndpoint endpoint, string repository, RegistryLogin? login, TimeProvider time)
    : IRegistryAuthorization
{
    private const int LongestAnswer = 256 * 1024;

    private readonly SharedHeader _header = new();

    public Task<AuthenticationHeaderValue?> HeaderAsync(CancellationToken token) => _header.CurrentAsync();

    public Task<bool> RenewAsync(AuthenticationHeaderValue? refused, IReadOnlyList<Challenge> challenges, CancellationToken token) =>
        _header.RenewAsync(refused, () => AnswerAsync(challenges, token));

    private async Task<AuthenticationHeaderValue?> AnswerAsync(IReadOnlyList<Challenge> challenges, CancellationToken token)
    {
        var bearer = challenges.FirstOrDefault(challenge => challenge.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase));
        if (bearer is not null)
        {
            return new AuthenticationHeaderValue("Bearer", await FetchAsync(bearer, token));
        }

        var basic = challenges.Any(challenge => challenge.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase));
        return basic && login is not null ? BasicAuthorization.For(login) : null;
    }

    private async Task<string> FetchAsync(Challenge challenge, CancellationToken token)
    {
        var realm = RealmOf(challenge);
        using var request = new HttpRequestMessage(HttpMethod.Get, endpoint.Mapped(realm));
        request.Headers.Host = realm.Authority;
        request.Headers.Authorization = login is null ? null : BasicAuthorization.For(login);
        using var watch = new TransferWatch(time, token);
        try
        {
            using var response = await http.SendAsync(request, watch.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw await RegistryException.FromAsync(response, request.Method, realm, time, watch.Token);
            }

            return await ReadTokenAsync(response.Content, realm, watch.Token);
        }
        catch (Exception failure) when (watch.IsUnanswered(failure))
        {
            throw RegistryException.Unanswered(request.Method, realm, failure);
        }
        catch (OperationCanceledException cancelled) when (watch.HasStalled)
        {
            throw RegistryException.Stalled(request.Method, realm, TransferWatch.Limit, cancelled);
        }
    }

    private Uri RealmOf(Challenge challenge)
    {
        if (!Uri.TryCreate(challenge["realm"], UriKind.Absolute, out var realm) || realm.Scheme is not ("https" or "http"))
        {
            throw RegistryException.Broken($"{endpoint.Host} wants a token but does not say from where.");
        }

        if (endpoint.RefusalOf(realm) is { } refusal)
        {
            throw RegistryException.Broken($"{endpoint.Host} wants a token from {RegistryException.Redacted(realm)}, which is not asked: {refusal}.");
        }

        var scope = challenge["scope"] ?? $"repository:{repository}:pull";
        var service = challenge["service"] is { } name ? $"service={Uri.EscapeDataString(name)}&" : "";
        return new Uri($"{realm.AbsoluteUri}{(realm.Query.Length > 0 ? "&" : "?")}{service}scope={Uri.EscapeDataString(scope)}");
    }

    private static async Task<string> ReadTokenAsync(HttpContent content, Uri realm, CancellationToken token)
    {
        var body = await AnswerJson.ReadBoundedAsync(content, LongestAnswer, token);
        var document = body is null ? null : AnswerJson.Read(body);
        var text = AnswerJson.Text(document, "token") ?? AnswerJson.Text(document, "access_token") ?? "";

        // The answer itself is not printed: it may hold a token after all.
        return text.Length > 0 && !text.Any(character => char.IsControl(character) || char.IsWhiteSpace(character))
            ? text
            : throw RegistryException.Broken($"{RegistryException.Redacted(realm)} answered without a token.");
    }
}
