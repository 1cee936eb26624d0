using EcsDeploy;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>What is asked of a rollout, and what then stands in ECS.</summary>
public sealed class RollingTests
{
    [Fact]
    public async Task Variables_and_secrets_are_set_and_unset_on_the_container()
    {
        const string arn = "arn:aws:secretsmanager:eu-west-1:222222222222:secret:db-AbCdEf";
        const string read = $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"{{arn}}"}]}""";
        await using var run = await PipeRun.StartAsync(world =>
            world.WithRole(DefaultWorld.Dev, "task-execution", role => role with { IdentityPolicies = [.. role.IdentityPolicies, read] }));

        var exit = await run.DeployAsync(
            ("SET_ENV_VARS", "FEATURE=on, off; and \"quoted\"\nEMPTY="), ("UNSET_ENV_VARS", "ASPNETCORE_ENVIRONMENT"), ("SET_SECRETS", $"DB_PASSWORD={arn}"));

        Assert.Equal(ExitCode.Done, exit);
        var container = await new Stranger(run).ContainerAsync();
        Assert.Equal(
            """[{"name":"FEATURE","value":"on, off; and \u0022quoted\u0022"},{"name":"EMPTY","value":""}]""",
            container["environment"]!.ToJsonString());
        Assert.Equal($$"""[{"name":"DB_PASSWORD","valueFrom":"{{arn}}"}]""", container["secrets"]!.ToJsonString());
    }

    [Fact]
    public async Task A_forced_rollout_rolls_what_is_there_without_a_new_revision()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync();

        var exit = await run.DeployAsync(("FORCE_NEW_DEPLOYMENT", "true"));

        Assert.Equal(ExitCode.Done, exit);
        Assert.Equal(["ecs:UpdateService 200"], run.Changes.Where(change => change.StartsWith("ecs:", StringComparison.Ordinal)));
        Assert.Contains("dev/shop: succeeded. The new version serves (shop:2).", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_shows_the_differences_without_their_values_and_changes_nothing()
    {
        await using var run = await PipeRun.StartAsync();

        var exit = await run.DeployAsync(("DRY_RUN", "true"), ("SET_ENV_VARS", "API_KEY=hunter2"));

        Assert.Equal(ExitCode.Done, exit);
        run.AssertRefused("Dry run: this is what would happen", "API_KEY", "Register a new revision of shop and roll service shop in cluster dev", "public.ecr.aws/nginx/nginx:latest");
        Assert.DoesNotContain("hunter2", run.Log, StringComparison.Ordinal);
        Assert.EndsWith("Dry run: nothing was changed", run.LastLine, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(run.Clone, ".dotnet-ecs-deploy")));
    }

    [Fact]
    public async Task A_dry_run_of_a_promotion_names_the_digest()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync();

        var exit = await run.PromoteAsync(("IMAGE", "from:dev"), ("DRY_RUN", "true"));

        Assert.Equal(ExitCode.Done, exit);
        run.AssertRefused($"{Step.Repository}@sha256:", "roll service shop in cluster production");
    }

    [Fact]
    public async Task Several_services_are_rolled_side_by_side_with_one_revision()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithMoreServices("worker", "mailer"));

        var exit = await run.DeployAsync(("SERVICE_NAME", "shop, worker mailer"));

        Assert.Equal(ExitCode.Done, exit);
        Assert.Single(run.Changes, change => change.StartsWith("ecs:RegisterTaskDefinition", StringComparison.Ordinal));
        Assert.Equal(3, run.Changes.Count(change => change.StartsWith("ecs:UpdateService", StringComparison.Ordinal)));
        foreach (var service in new[] { "shop", "worker", "mailer" })
        {
            Assert.Contains($"dev/{service}: succeeded. The new version serves (shop:4).", run.Log, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task One_service_that_fails_decides_the_exit_code_and_the_others_are_followed_to_their_end()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithMoreServices("worker"));
        var stranger = new Stranger(run);
        var acting = stranger.AfterUpdateAsync(
            TimeSpan.FromSeconds(5), () => stranger.CallAsync("UpdateService", """{"cluster":"dev","service":"worker","taskDefinition":"shop:1","forceNewDeployment":true}"""));

        var exit = await run.DeployAsync(("SERVICE_NAME", "shop worker"));

        await acting;
        Assert.Equal(ExitCode.Superseded, exit);
        Assert.Contains("dev/shop: succeeded.", run.Log, StringComparison.Ordinal);
        Assert.Contains("dev/worker: superseded.", run.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("Recording in the registry", run.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ManagedBy", "terraform", "belongs to Terraform", "ignore_changes = [task_definition]")]
    [InlineData("managed-by", "cdk", null, null)]
    public async Task A_service_of_another_tool_is_told_with_what_that_tool_may_undo(string key, string value, string? owner, string? advice)
    {
        await using var run = await PipeRun.StartAsync(world => world.WithService("\"serviceName\"", $"\"tags\":[{{\"key\":\"{key}\",\"value\":\"{value}\"}}],\"serviceName\""));

        var exit = await run.DeployAsync(("DRY_RUN", "true"));

        Assert.Equal(ExitCode.Done, exit);
        Assert.Equal(owner is null ? 0 : 1, run.Log.Split('\n').Count(line => line.Contains("Service shop belongs to", StringComparison.Ordinal)));
        run.AssertRefused([.. new[] { owner, advice, owner is null ? null : "TASK_DEFINITION to family:shop" }.OfType<string>()]);
    }

    [Fact]
    public async Task A_revision_says_which_commit_and_build_it_comes_from()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync();

        var tags = (await new Stranger(run).CallAsync("DescribeTaskDefinition", """{"taskDefinition":"shop:2","include":["TAGS"]}"""))["tags"]!.ToJsonString();

        Assert.Contains($$"""{"key":"commit","value":"{{41:d40}}"}""", tags, StringComparison.Ordinal);
        Assert.Contains("""{"key":"build","value":"41"}""", tags, StringComparison.Ordinal);
    }
}
