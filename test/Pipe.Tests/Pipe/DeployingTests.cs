using EcsDeploy;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>Deploying and promoting, from variables to exit code.</summary>
public sealed class DeployingTests
{
    [Fact]
    public async Task A_cluster_may_be_named_by_its_ARN()
    {
        await using var run = await PipeRun.StartAsync();

        Assert.Equal(ExitCode.Done, await run.DeployAsync(("CLUSTER_NAME", "arn:aws:ecs:eu-west-1:222222222222:cluster/dev")));
        Assert.Contains(run.Changes, change => change.StartsWith("ecs:UpdateService", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_deployment_pushes_to_one_account_and_rolls_the_service_of_another()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("dev/shop: succeeded. The new version serves (shop:2).", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_step_again_has_nothing_to_do()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync();

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("nothing to do", run.Log, StringComparison.Ordinal);
        Assert.Contains("nothing was sent", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_succeeded_in_dev_is_promoted_by_its_digest_without_a_build()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync();

        var exit = await run.PromoteAsync(("IMAGE", "from:dev"), ("PROMOTE_FROM", "dev"));

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("production/shop: succeeded.", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_dev_never_ran_is_not_promoted()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync(("ACTION", "push"), ("TAGS", "untried"), ("CLUSTER_NAME", null), ("SERVICE_NAME", null), ("CONTAINER_NAME", null));

        var exit = await run.PromoteAsync(("IMAGE", "untried"), ("PROMOTE_FROM", "dev"));

        Assert.Equal(ExitCode.Refused, exit);
        Assert.Contains("has not succeeded in 'dev'", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_IMAGE_this_commits_image_is_promoted()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync(("BITBUCKET_COMMIT", "0123456789abcdef"));

        var exit = await run.PromoteAsync(("BITBUCKET_COMMIT", "0123456789abcdef"), ("PROMOTE_FROM", "dev"));

        Assert.Equal(ExitCode.Done, exit);
    }

    [Theory]
    [InlineData("dev")]
    [InlineData(null)]
    public async Task A_push_without_services_shares_layers_with_what_ran_last_here_or_where_the_step_has_no_environment_anywhere(string? environment)
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync();
        run.Publish("1.1");

        await run.DeployAsync(
            ("ACTION", "push"), ("CLUSTER_NAME", null), ("SERVICE_NAME", null), ("CONTAINER_NAME", null), ("BITBUCKET_DEPLOYMENT_ENVIRONMENT", environment));

        Assert.Contains("Layer packages for linux/amd64: 0.1 kB, reused", run.Log, StringComparison.Ordinal);
        Assert.Contains("Layer app for linux/amd64: 0.5 kB, sent", run.Log, StringComparison.Ordinal);
    }
}
