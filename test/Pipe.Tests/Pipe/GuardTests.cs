using EcsDeploy;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>AWS_ALLOWED_ACCOUNT_IDS holds for every account that would be called, whatever leads there.</summary>
public sealed class GuardTests
{
    private const string Elsewhere = $"{DefaultWorld.Production}.dkr.ecr.eu-west-1.amazonaws.com";
    private const string Meant = $"{DefaultWorld.Registry} {DefaultWorld.Dev}";

    private static readonly (string, string?)[] PushOnly = [("ACTION", "push"), ("CLUSTER_NAME", null), ("SERVICE_NAME", null), ("CONTAINER_NAME", null)];

    [Fact]
    public async Task A_base_role_elsewhere_is_refused_before_anybody_is_called()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("BASE_ROLE_ARN", $"arn:aws:iam::{DefaultWorld.Production}:role/base"), ("AWS_ALLOWED_ACCOUNT_IDS", Meant));

        Assert.Equal(ExitCode.Settings, exit);
        run.AssertRefused($"BASE_ROLE_ARN is in account {DefaultWorld.Production}, which AWS_ALLOWED_ACCOUNT_IDS does not list.");
        Assert.Empty(run.Requests);
        Assert.EndsWith("No service was touched: what ran before still serves", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_elsewhere_do_not_take_a_role_that_trusts_them()
    {
        await using var run = await PipeRun.StartAsync();
        var keys = run.Sandbox.KeysOf($"arn:aws:iam::{DefaultWorld.Production}:user/admin");

        var exit = await run.DeployAsync(
            ("BITBUCKET_STEP_OIDC_TOKEN", null), ("AWS_ACCESS_KEY_ID", keys.AccessKeyId), ("AWS_SECRET_ACCESS_KEY", keys.SecretAccessKey), ("AWS_ALLOWED_ACCOUNT_IDS", Meant));

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused($"Account {DefaultWorld.Production} is not allowed: access key");
        Assert.All(run.Requests, request => Assert.Equal("GetCallerIdentity", request.Operation));
    }

    [Fact]
    public async Task A_base_image_elsewhere_is_not_asked_for()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("BASE_IMAGE", $"{Elsewhere}/base/aspnet:10.0"), ("AWS_ALLOWED_ACCOUNT_IDS", Meant));

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused($"Account {DefaultWorld.Production} is not allowed: the repository {Elsewhere}/base/aspnet leads there");
        Assert.DoesNotContain(run.Requests, request => request.Path.Contains("base/aspnet", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_earlier_image_elsewhere_is_not_asked_for_and_keeps_nobody_from_going_back()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithTaskDefinition("public.ecr.aws/nginx/nginx:latest", $"{Elsewhere}/old@sha256:{new string('a', 64)}"));
        await run.DeployAsync();
        (string, string?)[] back = [("ACTION", "rollback"), ("ROLLBACK_TO", "shop:1"), ("CONTAINER_NAME", null), ("DRY_RUN", "true")];

        Assert.Equal(ExitCode.Done, await run.RunAsync([.. back, ("AWS_ALLOWED_ACCOUNT_IDS", Meant)]));
        Assert.Contains("going back to shop:1", run.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Requests, request => request is { Service: "ecr", ErrorCode: not null });

        await run.RunAsync(back);
        Assert.Contains(run.Requests, request => request is { Service: "ecr", ErrorCode: not null });
    }

    [Theory]
    [InlineData("CONTEXT_DEPLOY_ROLE_ARN", $"arn:aws:iam::{DefaultWorld.Production}:role/deploy")]
    [InlineData("CONTEXT_DEPLOY_ROLE_ARN", "arn:aws-cn:iam::999999999999:role/deploy")]
    [InlineData("CONTEXT_DEPLOY_ROLE_ARN", "none")]
    [InlineData("DEPLOY_ROLE_ARN", $"arn:aws:iam::{DefaultWorld.Production}:role/deploy")]
    public async Task A_push_minds_no_role_that_it_does_not_take(string variable, string value)
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync([.. PushOnly, ("DEPLOY_ROLE_ARN", null), (variable, value), ("AWS_ALLOWED_ACCOUNT_IDS", DefaultWorld.Registry)]);

        Assert.Equal(ExitCode.Done, exit);
    }

    [Fact]
    public async Task A_push_takes_the_deploy_role_where_there_is_no_other()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync([.. PushOnly, ("ECR_ROLE_ARN", null), ("DEPLOY_ROLE_ARN", $"arn:aws:iam::{DefaultWorld.Registry}:role/ecr-push")]);

        Assert.Equal(ExitCode.Done, exit);
    }
}
