using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Web;

namespace Sandbox.Ecr;

/// <summary>Signed addresses of layers, as S3 gives them: whoever has one may read, for an hour.</summary>
internal sealed class DownloadLinks(Registries registries)
{
    public const string Path = "/_s3/layers/";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>Scheme and host that links point at when a request does not say better; set by the host program once it listens.</summary>
    public Uri Address { get; set; } = new("http://localhost");

    public Uri Make(string digest, Uri? address = null)
    {
        var expires = (registries.Clock.GetUtcNow() + Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var query = $"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires={expires}&X-Amz-Signature={Sign(digest, expires)}";
        return new Uri(registries.Habits.DownloadHost ?? address ?? Address, $"{Path}{digest}?{query}");
    }

    /// <summary>Null when the link is good; otherwise S3's error code.</summary>
    public string? Refusal(string digest, string query)
    {
        var values = HttpUtility.ParseQueryString(query);
        var expires = values["X-Amz-Expires"] ?? "";
        var signature = Encoding.ASCII.GetBytes(values["X-Amz-Signature"] ?? "");
        if (!CryptographicOperations.FixedTimeEquals(signature, Encoding.ASCII.GetBytes(Sign(digest, expires))))
        {
            return "SignatureDoesNotMatch";
        }

        return registries.Clock.GetUtcNow().ToUnixTimeSeconds() > long.Parse(expires, CultureInfo.InvariantCulture) ? "AccessDenied" : null;
    }

    private string Sign(string digest, string expires) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{digest} {expires}")));
}
