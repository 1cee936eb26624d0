using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sandbox.Worlds;

namespace Sandbox.Tests.Wire;

/// <summary>Calls a sandbox's API as an SDK would, with a signature of its own making.</summary>
internal sealed class SignedClient(Uri endpoint, AccessKeys keys) : IDisposable
{
    private static readonly Dictionary<string, string> Targets = new()
    {
        ["ecs"] = "AmazonEC2ContainerServiceV20141113",
        ["ecr"] = "AmazonEC2ContainerRegistry_V20150921",
        ["logs"] = "Logs_20140328",
    };

    private readonly HttpClient _http = new();

    public string Region { get; init; } = "eu-west-1";

    /// <summary>The moment the signature says it was made; null means now.</summary>
    public DateTimeOffset? SignedAt { get; init; }

    /// <summary>The headers that are signed; the session token too, where there is one.</summary>
    public IReadOnlyList<string> SignedHeaders { get; init; } = ["content-type", "host", "x-amz-date", "x-amz-target"];

    /// <summary>One call of a JSON service; the answer whatever its status.</summary>
    public Task<ApiAnswer> CallAsync(string service, string operation, JsonObject input, CancellationToken token) =>
        SendAsync(Signed(service, $"{Targets[service]}.{operation}", "application/x-amz-json-1.1", input.ToJsonString()), token);

    /// <summary>One call of STS.</summary>
    public Task<ApiAnswer> StsAsync(string operation, IReadOnlyDictionary<string, string> input, CancellationToken token) =>
        SendAsync(Signed("sts", null, "application/x-www-form-urlencoded", Form(operation, input)), token);

    public async Task<ApiAnswer> SendAsync(HttpRequestMessage request, CancellationToken token)
    {
        using (request)
        using (var response = await _http.SendAsync(request, token))
        {
            return new ApiAnswer(response.StatusCode, await response.Content.ReadAsStringAsync(token), response.Content.Headers.ContentType?.MediaType);
        }
    }

    public HttpRequestMessage Signed(string service, string? target, string contentType, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        var date = (SignedAt ?? DateTimeOffset.UtcNow).UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["content-type"] = contentType, ["host"] = endpoint.Authority, ["x-amz-date"] = date };
        if (target is not null)
        {
            headers["x-amz-target"] = target;
        }

        if (keys.SessionToken is { } session)
        {
            headers["x-amz-security-token"] = session;
        }

        foreach (var (name, value) in headers.Where(header => header.Key is not ("content-type" or "host")))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var signed = headers.Where(header => header.Key is "x-amz-security-token" || SignedHeaders.Contains(header.Key)).ToList();
        var names = string.Join(';', signed.Select(header => header.Key));
        var canonical = $"POST\n/\n\n{string.Concat(signed.Select(header => $"{header.Key}:{header.Value}\n"))}\n{names}\n{Hash(body)}";
        var scope = $"{date[..8]}/{Region}/{service}/aws4_request";
        var key = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + keys.SecretAccessKey), (parent, part) => HMACSHA256.HashData(parent, Encoding.UTF8.GetBytes(part)));
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Hash(canonical)}")));
        request.Headers.TryAddWithoutValidation("Authorization", $"AWS4-HMAC-SHA256 Credential={keys.AccessKeyId}/{scope}, SignedHeaders={names}, Signature={signature}");
        return request;
    }

    public static string Form(string operation, IReadOnlyDictionary<string, string> input)
    {
        var fields = input.Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}");
        return string.Join('&', [$"Action={operation}", "Version=2011-06-15", .. fields]);
    }

    public void Dispose() => _http.Dispose();

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
