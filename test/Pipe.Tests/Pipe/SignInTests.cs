using EcsDeploy;
using Sandbox.Bitbucket;
using Sandbox.Faults;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>Ways in that are closed: the step ends with 3, says what the token claims and what would fit it, and nothing was changed.</summary>
public sealed class SignInTests
{
    private const string Push = $"arn:aws:iam::{DefaultWorld.Registry}:role/ecr-push";
    private const string Deploy = $"arn:aws:iam::{DefaultWorld.Dev}:role/deploy";

    [Fact]
    public async Task A_token_for_another_audience_is_answered_with_the_audience_to_add()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(Token(run, new OidcTokenRequest { Audiences = ["somewhere-else"] }));

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused("was not accepted for the role", "does not list this audience. Add somewhere-else to it");
    }

    [Fact]
    public async Task A_token_that_has_expired_is_answered_with_when()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(Token(run, new OidcTokenRequest { Age = TimeSpan.FromHours(2) }));

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused("The token ended at", "ExpiredToken");
    }

    [Fact]
    public async Task An_account_without_the_identity_provider_is_named_with_the_provider_to_create()
    {
        await using var run = await PipeRun.StartAsync(world => world.With(DefaultWorld.Dev, account => account with { OidcProviders = [] }));

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused($"Account {DefaultWorld.Dev} has no identity provider for this issuer", "provider URL https://api.bitbucket.org", Deploy);
    }

    [Fact]
    public async Task A_trust_policy_that_does_not_fit_is_answered_with_one_that_would()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(Token(run, new OidcTokenRequest { Environment = "production" }));

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused(Deploy, "its trust policy does not fit the token. This one would:", "{eeeeeeee-0000-0000-0000-00000000000e}", "\"sts:AssumeRoleWithWebIdentity\"");
    }

    [Fact]
    public async Task A_role_that_is_not_there_is_named()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("ECR_ROLE_ARN", Push + "er"));

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused(Push + "er", "Either the role does not exist");
    }

    [Fact]
    public async Task Keys_of_an_account_that_was_not_meant_are_refused_before_anything_else_is_called_there()
    {
        await using var run = await PipeRun.StartAsync();
        var keys = run.Sandbox.KeysOf($"arn:aws:iam::{DefaultWorld.Production}:user/admin");

        var exit = await run.DeployAsync(
            ("BITBUCKET_STEP_OIDC_TOKEN", null), ("ECR_ROLE_ARN", null), ("DEPLOY_ROLE_ARN", null),
            ("AWS_ACCESS_KEY_ID", keys.AccessKeyId), ("AWS_SECRET_ACCESS_KEY", keys.SecretAccessKey), ("AWS_ALLOWED_ACCOUNT_IDS", $"{DefaultWorld.Registry} {DefaultWorld.Dev}"));

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused($"Account {DefaultWorld.Production} is not allowed", "AWS_ALLOWED_ACCOUNT_IDS");
        Assert.All(run.Requests, request => Assert.Equal("sts", request.Service));
        Assert.DoesNotContain(keys.SecretAccessKey, run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_in_an_account_that_was_not_meant_is_refused_before_anybody_is_called()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("AWS_ALLOWED_ACCOUNT_IDS", DefaultWorld.Registry));

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused($"Account {DefaultWorld.Dev} is not allowed: the role {Deploy} leads there", "AWS_ALLOWED_ACCOUNT_IDS");
        Assert.Empty(run.Requests);
    }

    [Fact]
    public async Task Secret_keys_that_are_wrong_are_told_as_such()
    {
        await using var run = await PipeRun.StartAsync();
        var keys = run.Sandbox.KeysOf($"arn:aws:iam::{DefaultWorld.Dev}:user/admin");

        var exit = await run.DeployAsync(
            ("BITBUCKET_STEP_OIDC_TOKEN", null), ("ECR_ROLE_ARN", null), ("DEPLOY_ROLE_ARN", null),
            ("AWS_ACCESS_KEY_ID", keys.AccessKeyId), ("AWS_SECRET_ACCESS_KEY", new string('x', 40)));

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused("SignatureDoesNotMatch");
    }

    [Fact]
    public async Task An_STS_that_is_out_of_order_is_a_matter_of_access_also_where_only_the_registry_is_entered()
    {
        await using var run = await PipeRun.StartAsync();
        run.Faults.Add(new FaultRule { On = "sts:AssumeRoleWithWebIdentity", Kind = FaultKind.ServerError, Count = null });

        var exit = await run.DeployAsync(("ACTION", "push"), ("CLUSTER_NAME", null), ("SERVICE_NAME", null), ("CONTAINER_NAME", null));

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused("role/ecr-push", "InternalFailure");
    }

    private static (string, string?) Token(PipeRun run, OidcTokenRequest request) => ("BITBUCKET_STEP_OIDC_TOKEN", run.Sandbox.OidcToken(request));
}
