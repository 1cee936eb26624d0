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
        run.AssertRefused("was not accepted for the role", "does not list this audience. Add somewhere-else to it", "Or take somewhere-else out of the step's `oidc: audiences`");
    }

    [Fact]
    public async Task The_workspaces_own_audience_is_not_to_be_taken_out()
    {
        await using var run = await PipeRun.StartAsync(world => world.With(DefaultWorld.Registry, account => account with
        {
            OidcProviders = [.. account.OidcProviders.Select(provider => provider with { ClientIds = ["https://else.example"] })],
        }));

        Assert.Equal(ExitCode.Access, await run.DeployAsync());
        run.AssertRefused("does not list this audience. Add ari:cloud:bitbucket::workspace/");
        Assert.DoesNotContain("Or take", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_was_forged_is_answered_with_where_to_look()
    {
        await using var run = await PipeRun.StartAsync();
        var forged = run.Sandbox.OidcToken(new OidcTokenRequest { Environment = "dev" }).Split('.');

        var exit = await run.DeployAsync(("BITBUCKET_STEP_OIDC_TOKEN", $"{forged[0]}.{forged[1]}.{new string('A', forged[2].Length)}"));

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused("InvalidIdentityToken", "Check that BITBUCKET_STEP_OIDC_TOKEN is the token that Bitbucket gave this step, unchanged");
        Assert.DoesNotContain("ERROR: \n", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_of_another_environment_is_first_said_to_be_the_wrong_one()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("DEPLOY_ROLE_ARN", $"arn:aws:iam::{DefaultWorld.Production}:role/deploy"), ("AWS_ALLOWED_ACCOUNT_IDS", $"{DefaultWorld.Registry} {DefaultWorld.Production}"));

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused("The step runs in the deployment environment 'dev'. If the role is another environment's", "leave the role as it is", "opens the role to every step of this repository in that environment");
        Assert.True(run.Log.IndexOf("leave the role as it is", StringComparison.Ordinal) < run.Log.IndexOf("This one would:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_step_without_a_deployment_environment_is_told_to_name_one()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(Token(run, new OidcTokenRequest { Environment = null }), ("BITBUCKET_DEPLOYMENT_ENVIRONMENT", null));

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused("add `deployment: <environment>` to the step", "opens the role to every step of this repository, in every environment and on every branch");
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

    [Theory]
    [InlineData(null, "DEPLOY_ROLE_ARN is not set")]
    [InlineData("", "DEPLOY_ROLE_ARN has no value in this step")]
    [InlineData("${DEPLOY_ROLE_ARN}", "DEPLOY_ROLE_ARN has no value in this step")]
    public async Task A_push_role_that_is_to_roll_for_want_of_another_is_said_to_be_one(string? role, string said)
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("DEPLOY_ROLE_ARN", role));

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused(
            $"INFO: {said}, so the role of ECR_ROLE_ARN acts in the services' account too\e[0m",
            $"{said}, so the role of ECR_ROLE_ARN acts in the services' account too: set it, unless that is meant. Allow ecs:DescribeServices");
    }

    [Fact]
    public async Task A_roll_role_that_is_to_push_for_want_of_another_is_said_to_be_one()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithRepository(one => one with { Policy = null }));

        var exit = await run.DeployAsync(("ECR_ROLE_ARN", ""));

        Assert.NotEqual(ExitCode.Done, exit);
        run.AssertRefused("ECR_ROLE_ARN has no value in this step, so the role of DEPLOY_ROLE_ARN acts in the registry's account too: set it, unless that is meant.");
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
        run.AssertRefused($"Account {DefaultWorld.Production} is not allowed", "AWS_ALLOWED_ACCOUNT_IDS", "Nothing but sts:GetCallerIdentity was called there");
        Assert.All(run.Requests, request => Assert.Equal("sts", request.Service));
        Assert.DoesNotContain(keys.SecretAccessKey, run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_in_an_account_that_was_not_meant_is_refused_before_anybody_is_called()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("AWS_ALLOWED_ACCOUNT_IDS", DefaultWorld.Registry));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused($"DEPLOY_ROLE_ARN is in account {DefaultWorld.Dev}, which AWS_ALLOWED_ACCOUNT_IDS does not list.");
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
