using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Sandbox.Bitbucket;
using Xunit;

namespace Sandbox.Tests.Bitbucket;

/// <summary>Bitbucket's issuer and its tokens: bitbucket.md 3.4.</summary>
public sealed class IssuerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_published_key_verifies_a_token()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var http = new HttpClient();
        var folder = new Uri(sandbox.Endpoint, "/2.0/workspaces/acme/pipelines-config/identity/oidc/.well-known/openid-configuration");
        var discovery = JsonNode.Parse(await http.GetStringAsync(folder, Token))!;
        var keys = JsonNode.Parse(await http.GetStringAsync(new Uri((string)discovery["jwks_uri"]!), Token))!;
        var parts = sandbox.OidcToken(new OidcTokenRequest()).Split('.');

        var key = keys["keys"]![0]!;
        using var rsa = RSA.Create(new RSAParameters { Modulus = WebEncoders.Base64UrlDecode((string)key["n"]!), Exponent = WebEncoders.Base64UrlDecode((string)key["e"]!) });

        Assert.True(rsa.VerifyData(Encoding.UTF8.GetBytes($"{parts[0]}.{parts[1]}"), WebEncoders.Base64UrlDecode(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Equal((string?)discovery["issuer"], (string?)Claims(parts)["iss"]);
        Assert.Equal((string?)key["kid"], (string?)JsonNode.Parse(WebEncoders.Base64UrlDecode(parts[0]))!["kid"]);
    }

    [Theory]
    [InlineData("dev", "{aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee}:{dddddddd-0000-0000-0000-00000000000d}:{55555555-6666-7777-8888-999999999999}")]
    [InlineData(null, "{aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee}:{55555555-6666-7777-8888-999999999999}")]
    public async Task The_subject_names_repository_environment_and_step(string? environment, string subject)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);

        var claims = Claims(sandbox.OidcToken(new OidcTokenRequest { Environment = environment }).Split('.'));

        Assert.Equal(subject, (string?)claims["sub"]);
        Assert.Equal(environment is null, claims["deploymentEnvironmentUuid"] is null);
        Assert.Equal("ari:cloud:bitbucket::workspace/11111111-2222-3333-4444-555555555555", (string?)claims["aud"]);
        Assert.Equal("{11111111-2222-3333-4444-555555555555}", (string?)claims["workspaceUuid"]);
    }

    [Fact]
    public async Task Audiences_that_a_step_asked_for_come_as_a_list_even_a_single_one()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);

        var claims = Claims(sandbox.OidcToken(new OidcTokenRequest { Audiences = ["https://a"] }).Split('.'));

        Assert.Equal("https://a", (string?)Assert.Single(claims["aud"]!.AsArray()));
    }

    private static JsonNode Claims(string[] parts) => JsonNode.Parse(WebEncoders.Base64UrlDecode(parts[1]))!;
}
