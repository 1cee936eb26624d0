using EcsDeploy;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>AWS has parts with names of their own: what runs in the world's runs there.</summary>
public sealed class PartitionTests
{
    [Theory]
    [InlineData("aws-cn", "cn-north-1", "amazonaws.com.cn")]
    [InlineData("aws-us-gov", "us-gov-west-1", "amazonaws.com")]
    public async Task A_deployment_and_a_way_back(string partition, string region, string suffix)
    {
        await using var run = await PipeRun.StartAsync(world => Moved(world, partition, region));
        var host = $"{DefaultWorld.Registry}.dkr.ecr.{region}.{suffix}";
        (string, string?)[] there =
        [
            ("ECR_REPOSITORY", $"{host}/shop"), ("BASE_IMAGE", $"{host}/base/aspnet:10.0"),
            ("ECR_ROLE_ARN", $"arn:{partition}:iam::{DefaultWorld.Registry}:role/ecr-push"), ("DEPLOY_ROLE_ARN", $"arn:{partition}:iam::{DefaultWorld.Dev}:role/deploy"),
        ];
        Assert.Equal(ExitCode.Done, await run.DeployAsync(there));
        run.Publish("2.0");

        Assert.Equal(ExitCode.Done, await run.DeployAsync(there));
        Assert.Contains($"{host}/shop@sha256:", run.Log, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, await run.RunAsync([.. there.Where(change => change.Item1 != "BASE_IMAGE"), ("ACTION", "rollback"), ("CONTAINER_NAME", null)]));
        Assert.Contains("going back to shop:2", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_that_is_closed_is_answered_with_a_statement_of_its_partition()
    {
        await using var run = await PipeRun.StartAsync(world => Moved(world, "aws-cn", "cn-north-1").WithRepository(one => one with { Policy = null }));

        var exit = await run.DeployAsync(
            ("ECR_REPOSITORY", $"{DefaultWorld.Registry}.dkr.ecr.cn-north-1.amazonaws.com.cn/shop"),
            ("ECR_ROLE_ARN", $"arn:aws-cn:iam::{DefaultWorld.Registry}:role/ecr-push"), ("DEPLOY_ROLE_ARN", $"arn:aws-cn:iam::{DefaultWorld.Dev}:role/deploy"));

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused($"\"AWS\":\"arn:aws-cn:iam::{DefaultWorld.Dev}:root\"");
    }

    private static World Moved(World world, string partition, string region)
    {
        return world with
        {
            Region = region,
            Accounts = [.. world.Accounts.Select(account => account with
            {
                Partition = partition,
                Roles = [.. account.Roles.Select(role => role with { TrustPolicy = There(role.TrustPolicy), IdentityPolicies = [.. role.IdentityPolicies.Select(There)] })],
            })],
            Repositories = [.. world.Repositories.Select(repository => repository with { Policy = repository.Policy is { } policy ? There(policy) : null })],
            Clusters = [.. world.Clusters.Select(cluster => cluster with
            {
                Services = [.. cluster.Services.Select(service => service with { Service = There(service.Service), TaskDefinition = There(service.TaskDefinition) })],
            })],
        };

        string There(string text) => text.Replace("arn:aws:", $"arn:{partition}:", StringComparison.Ordinal).Replace(world.Region, region, StringComparison.Ordinal);
    }
}
