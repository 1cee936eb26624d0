using System.Text.Json.Nodes;
using EcsDeploy.Aws;
using Xunit;

namespace Pipe.Tests.Aws;

public sealed class SignInRefusalTests
{
    // The texts are STS's own: authorization reference §2.4.
    [Theory]
    [InlineData(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", "its trust policy does not fit the token. This one would:\n{")]
    [InlineData(400, "InvalidIdentityToken", "No OpenIDConnect provider found in your account for https://x", "Account 222222222222 has no identity provider for this issuer. Create one in its IAM: provider URL https://api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc, audience ari:cloud:bitbucket::workspace/11111111-2222-3333-4444-555555555555.")]
    [InlineData(400, "InvalidIdentityToken", "Incorrect token audience", "does not list this audience. Add ari:cloud:bitbucket::workspace/11111111-2222-3333-4444-555555555555 to it.")]
    [InlineData(400, "ExpiredTokenException", "Token expired: current date/time 1 must be before the expiration date/time 0", "The token ended at 2026-01-02 03:04:05 UTC; it is made when the step starts.")]
    [InlineData(400, "InvalidIdentityToken", "Signature is not valid", "Check that BITBUCKET_STEP_OIDC_TOKEN is the token that Bitbucket gave this step, unchanged")]
    [InlineData(400, "IDPCommunicationError", "Couldn't reach", "Run the step again")]
    public void Each_refusal_of_the_token_says_what_to_do(int status, string code, string message, string expected)
    {
        var token = Some.Token(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

        var report = SignInRefusals.OfToken(Refusal(status, code, message), OidcToken.Read(token), Some.RollRole, "dev").Message;

        Assert.Contains(expected, report, StringComparison.Ordinal);
        Assert.Contains($"STS said: {message} ({code}).", report, StringComparison.Ordinal);
        Assert.Contains($"The token says: iss '{Some.Issuer}', aud '{Some.Audience}', sub '{{repo}}:{{environment}}:{{step}}', branchName 'main', repositoryUuid '{{repo}}'.", report, StringComparison.Ordinal);
        Assert.DoesNotContain(token.Reveal(), report, StringComparison.Ordinal);
        Assert.DoesNotContain("c2lnbmF0dXJl", report, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{repo}:{environment}:{step}", "{repo}:{environment}:*")]
    [InlineData("{repo}:{step}", "{repo}:*")]
    public void The_trust_policy_fits_the_repository_and_its_environment(string subject, string pattern)
    {
        var claims = OidcToken.Read(Some.Token(subject: subject))!;

        var policy = JsonNode.Parse(TrustPolicies.ForToken(claims, Some.RollRole))!;

        var provider = "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc";
        var statement = policy["Statement"]![0]!;
        Assert.Equal("arn:aws:iam::222222222222:oidc-provider/" + provider, (string?)statement["Principal"]!["Federated"]);
        Assert.Equal(Some.Audience, (string?)statement["Condition"]!["StringEquals"]![provider + ":aud"]);
        Assert.Equal(pattern, (string?)statement["Condition"]!["StringLike"]![provider + ":sub"]);
    }

    [Fact]
    public void A_refused_chain_names_the_principal_that_the_role_must_trust()
    {
        var refusal = Refusal(403, "AccessDenied", "User: arn:aws:sts::111111111111:assumed-role/base/shop-7 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/deploy");

        var report = SignInRefusals.OfChain(refusal, "arn:aws:sts::111111111111:assumed-role/base/shop-7", Some.RollRole).Message;

        Assert.Contains("\"AWS\": \"arn:aws:iam::111111111111:role/base\"", report, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a.!!!.c")]
    [InlineData("a.bm90IGpzb24.c")]
    [InlineData("a.W10.c")]
    public void What_is_no_token_is_said_to_be_none(string text)
    {
        Assert.Null(OidcToken.Read(new EcsDeploy.Settings.Secret(text)));

        var report = SignInRefusals.OfToken(Refusal(400, "InvalidIdentityToken", "The ID Token provided is not a valid JWT."), null, Some.RollRole, null).Message;

        Assert.Contains("The token could not be decoded.", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Own_audiences_come_as_a_list()
    {
        var claims = OidcToken.Read(Some.Token(audience: new JsonArray("https://one", "https://two")))!;

        Assert.Equal(["https://one", "https://two"], claims.Audiences);
    }

    private static AwsException Refusal(int status, string code, string message) => AwsException.From(
        new AwsFailure { Call = new AwsCall("sts", "AssumeRole", "eu-west-1", "role"), Kind = AwsFailureKinds.Of(code, status), Code = code, Message = message, Status = status },
        null);
}
