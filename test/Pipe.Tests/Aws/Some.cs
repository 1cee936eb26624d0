using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using EcsDeploy.Aws;
using EcsDeploy.Names;
using EcsDeploy.Settings;

namespace Pipe.Tests.Aws;

/// <summary>Valid values to vary.</summary>
internal static class Some
{
    public const string Issuer = "https://api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc";

    public const string Audience = "ari:cloud:bitbucket::workspace/11111111-2222-3333-4444-555555555555";

    public static readonly Arn PushRole = Arn.Parse("arn:aws:iam::111111111111:role/push");

    public static readonly Arn RollRole = Arn.Parse("arn:aws:iam::222222222222:role/deploy");

    public static readonly AwsKeys Keys = new("AKIAEXAMPLE", new Secret("key-secret-key-secret"), null);

    public static AwsSession Session(string key = "AKIAEXAMPLE", DateTimeOffset? expires = null) => new() { Keys = Keys with { AccessKeyId = key }, Expires = expires };

    public static Secret Token(DateTimeOffset? expires = null, string subject = "{repo}:{environment}:{step}", JsonNode? audience = null)
    {
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = audience ?? Audience,
            ["sub"] = subject,
            ["exp"] = (expires ?? DateTimeOffset.UtcNow.AddHours(1)).ToUnixTimeSeconds(),
            ["branchName"] = "main",
            ["repositoryUuid"] = "{repo}",
        };
        return new Secret($"eyJhbGciOiJSUzI1NiJ9.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()))}.c2lnbmF0dXJl");
    }

    public static IdentitySettings Settings() => new() { Region = "eu-west-1", SessionName = "shop-7" };
}
