using System.Net;
using Sandbox.Bitbucket;
using Sandbox.Tests.Wire;
using Sandbox.Worlds;
using Xunit;

namespace Sandbox.Tests.Sts;

/// <summary>Roles taken with a step's token: authorization.md 2.4 and 4, bitbucket.md 3.4.</summary>
public sealed class WebIdentityTests
{
    private const string Deploy = $"arn:aws:iam::{DefaultWorld.Dev}:role/deploy";
    private const string Untrusted = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
    private const string NoKeys = "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements";
    private const string OwnAudience = "ari:cloud:bitbucket::workspace/11111111-2222-3333-4444-555555555555";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, OidcTokenRequest, string?, string?> Tokens => new()
    {
        { "as Bitbucket makes it", Deploy, new OidcTokenRequest(), null, null },
        { "its own audience in a list", Deploy, new OidcTokenRequest { Audiences = ["https://other", OwnAudience] }, null, null },
        { "another environment", Deploy, new OidcTokenRequest { Environment = "production" }, "AccessDenied", Untrusted },
        { "no environment", Deploy, new OidcTokenRequest { Environment = null }, "AccessDenied", Untrusted },
        { "no environment, where the repository is enough", $"arn:aws:iam::{DefaultWorld.Registry}:role/ecr-push", new OidcTokenRequest { Environment = null }, null, null },
        { "another repository", Deploy, new OidcTokenRequest { RepositoryUuid = "{00000000-0000-0000-0000-000000000000}" }, "AccessDenied", Untrusted },
        { "no such role", $"arn:aws:iam::{DefaultWorld.Dev}:role/none", new OidcTokenRequest(), "AccessDenied", Untrusted },
        { "a role for tasks", $"arn:aws:iam::{DefaultWorld.Dev}:role/task", new OidcTokenRequest(), "AccessDenied", Untrusted },
        { "another audience", Deploy, new OidcTokenRequest { Audiences = ["https://other"] }, "InvalidIdentityToken", "Incorrect token audience" },
        { "another issuer", Deploy, new OidcTokenRequest { Issuer = "https://other.example" }, "InvalidIdentityToken", "No OpenIDConnect provider found in your account for https://other.example" },
        { "an account without provider", "arn:aws:iam::444444444444:role/deploy", new OidcTokenRequest { Issuer = "https://a.example" }, "InvalidIdentityToken", "No OpenIDConnect provider found in your account for https://a.example" },
        { "audience before trust", Deploy, new OidcTokenRequest { Audiences = ["https://other"], Environment = null }, "InvalidIdentityToken", "Incorrect token audience" },
    };

    [Theory]
    [MemberData(nameof(Tokens))]
    public async Task A_token_is_believed_by_provider_audience_and_subject(string why, string role, OidcTokenRequest token, string? code, string? message)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);

        var answer = await StsTests.AssumeByTokenAsync(sandbox, role, token);

        var status = code switch { null => HttpStatusCode.OK, "AccessDenied" => HttpStatusCode.Forbidden, _ => HttpStatusCode.BadRequest };
        Assert.Equal((why, status, message), (why, answer.Status, answer.Xml("Message")));
        Assert.Equal(code, code is null ? null : answer.Code);
    }

    [Fact]
    public async Task The_session_is_the_role_and_says_whose_token_started_it()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);

        var answer = await StsTests.AssumeByTokenAsync(sandbox, Deploy, new OidcTokenRequest());

        Assert.Equal(OwnAudience, answer.Xml("Audience"));
        Assert.Equal($"https://{DefaultWorld.Issuer}", answer.Xml("Provider"));
        Assert.StartsWith(sandbox.World.Workspace.RepositoryUuid + ":" + sandbox.World.Workspace.Environments["dev"] + ":", answer.Xml("SubjectFromWebIdentityToken"), StringComparison.Ordinal);
        using var client = new SignedClient(sandbox.Endpoint, StsTests.KeysIn(answer));
        var identity = await client.StsAsync("GetCallerIdentity", new Dictionary<string, string>(), Token);
        Assert.Equal($"arn:aws:sts::{DefaultWorld.Dev}:assumed-role/deploy/step-1", identity.Xml("Arn"));
    }

    [Fact]
    public async Task A_forged_token_is_not_believed()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);

        var answer = await StsTests.AssumeByTokenAsync(sandbox, Deploy, new OidcTokenRequest { IsForged = true });

        Assert.Equal((HttpStatusCode.BadRequest, "InvalidIdentityToken"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task The_keys_of_an_issuer_that_is_not_ours_cannot_be_had()
    {
        var world = DefaultWorld.Create();
        var provider = new OidcProvider { Issuer = "https://unreachable.example", ClientIds = [OwnAudience] };
        world = world with { Accounts = [.. world.Accounts.Select(account => account with { OidcProviders = [provider] })] };
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { World = world }, Token);

        var answer = await StsTests.AssumeByTokenAsync(sandbox, Deploy, new OidcTokenRequest { Issuer = provider.Issuer });

        Assert.Equal((HttpStatusCode.BadRequest, "InvalidIdentityToken", NoKeys), (answer.Status, answer.Code, answer.Message));
    }

    [Theory]
    [InlineData(3600, 3540, null)]
    [InlineData(3600, 3601, "Token expired: current date/time ")]
    [InlineData(200_000, 86_000, null)]
    [InlineData(200_000, 90_000, "Token too old: ")]
    [InlineData(3600, -200, null)]
    [InlineData(3600, -400, "Token not yet valid")]
    public async Task A_token_is_good_from_its_issue_to_its_expiry(int lifetime, int age, string? message)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);

        var answer = await StsTests.AssumeByTokenAsync(sandbox, Deploy, new OidcTokenRequest { Lifetime = TimeSpan.FromSeconds(lifetime), Age = TimeSpan.FromSeconds(age) });

        Assert.Equal(message is null ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith(message ?? "", answer.Xml("Message") ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3600", null)]
    [InlineData("3601", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")]
    public async Task A_session_lasts_no_longer_than_its_role_allows(string seconds, string? message)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);

        var answer = await StsTests.AssumeByTokenAsync(sandbox, Deploy, new OidcTokenRequest(), ("DurationSeconds", seconds));

        Assert.Equal(message, answer.Xml("Message"));
    }

    [Fact]
    public async Task A_session_by_token_is_no_chain_and_may_last_as_long_as_its_role_allows()
    {
        var role = StsTests.Trusting($$"""{"Federated":"{{StsTests.Provider}}"}""", "\"sts:AssumeRoleWithWebIdentity\"") with { MaxSessionDuration = TimeSpan.FromHours(12) };
        await using var sandbox = await SandboxServer.StartAsync(StsTests.With(role), Token);

        var answer = await StsTests.AssumeByTokenAsync(sandbox, StsTests.Wanted, new OidcTokenRequest(), ("DurationSeconds", "43200"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Theory]
    [InlineData("not.a.token")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJpc3MiOiJhIn0.")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.W10.AAAA")]
    public async Task What_is_no_token_is_refused(string token)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);

        var answer = await StsTests.AssumeByTokenAsync(sandbox, Deploy, new OidcTokenRequest(), ("WebIdentityToken", token));

        Assert.Equal((HttpStatusCode.BadRequest, "InvalidIdentityToken"), (answer.Status, answer.Code));
    }
}
