using System.Text.Json.Nodes;
using EcsDeploy;
using Sandbox.Ecs.Engine;
using Sandbox.Faults;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>Everything that the pipe does, with exactly the policies of examples/accounts: no call is refused on the way.</summary>
public sealed class AccountTemplateTests
{
    private const string Breaker = "\"deploymentCircuitBreaker\":{\"enable\":true,\"rollback\":true},";

    private const string PausedAtStart =
        "\"strategy\":\"BLUE_GREEN\",\"bakeTimeInMinutes\":1,\"lifecycleHooks\":[{\"targetType\":\"PAUSE\",\"lifecycleStages\":[\"PRE_SCALE_UP\"],\"timeoutConfiguration\":{\"timeoutInMinutes\":60}}],";

    private static readonly TaskBehaviour Crashes = new() { ExitAfter = TimeSpan.FromSeconds(2), ExitCode = 1, HealthyAfter = TimeSpan.MaxValue, Output = ["no such table: prices"] };

    [Fact]
    public async Task A_deployment_and_the_same_again()
    {
        await using var run = await StartAsync();

        await AssertAsync(run, ExitCode.Done, DeployAsync(run));
        await AssertAsync(run, ExitCode.Done, DeployAsync(run));
        Assert.Contains("nothing to do", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deployment_that_fails_shows_the_last_lines_of_its_container()
    {
        await using var run = await StartAsync(world => world.WithService(Breaker, ""));
        await DeployAsync(run);
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(Crashes) { Environment = "MODE=broken" });

        await AssertAsync(run, ExitCode.RolledBack, DeployAsync(run, ("SET_ENV_VARS", "MODE=broken")));
        Assert.Contains("no such table: prices", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tasks_before_and_after_a_rollout()
    {
        await using var run = await StartAsync();
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { ExitAfter = TimeSpan.FromSeconds(5), Output = ["migrated"] }) { Command = "migrate" });

        await AssertAsync(run, ExitCode.Done, DeployAsync(run, ("BEFORE_DEPLOY", "migrate"), ("AFTER_DEPLOY", "migrate")));
        Assert.Contains("migrated", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_takes_too_long_is_stopped()
    {
        await using var run = await StartAsync();
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour()) { Command = "migrate" });

        await AssertAsync(run, ExitCode.TaskBeforeFailed, DeployAsync(run, ("BEFORE_DEPLOY", "migrate"), ("BEFORE_DEPLOY_TIMEOUT", "1")));
        Assert.Contains(run.Changes, change => change.StartsWith("ecs:StopTask", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_look_at_what_runs_and_a_way_back()
    {
        await using var run = await StartAsync();
        await DeployAsync(run);
        run.Publish("2.0");
        await DeployAsync(run);

        await AssertAsync(run, ExitCode.Done, run.RunAsync(("ACTION", "status")));
        Assert.Contains("can go back to shop:2", run.Log, StringComparison.Ordinal);
        await AssertAsync(run, ExitCode.Done, run.RunAsync(("ACTION", "rollback")));
        Assert.Contains("going back to shop:2", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollout_under_way_is_stopped()
    {
        await using var run = await StartAsync();
        await DeployAsync(run, ("WAIT", "false"));

        await AssertAsync(run, ExitCode.Done, run.RunAsync(("ACTION", "stop"), ("CONTAINER_NAME", null)));
        Assert.Contains("The old version serves", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollout_that_is_paused_goes_on()
    {
        await using var run = await StartAsync(world => world.WithService(Breaker, PausedAtStart));
        await AssertAsync(run, ExitCode.Paused, DeployAsync(run));

        await AssertAsync(run, ExitCode.Done, run.RunAsync(("ACTION", "continue"), ("CONTAINER_NAME", null)));
        Assert.Contains(run.Changes, change => change.StartsWith("ecs:ContinueServiceDeployment", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_push_into_a_repository_that_it_creates()
    {
        await using var run = await StartAsync(mayCreate: true);

        await AssertAsync(run, ExitCode.Done, DeployAsync(
            run, ("ACTION", "push"), ("ECR_REPOSITORY", Step.Repository + "-new"), ("ECR_CREATE", "true"), ("CLUSTER_NAME", null), ("SERVICE_NAME", null), ("CONTAINER_NAME", null), ("BASE_IMAGE", $"{Step.Repository}:base")));
        Assert.Contains(run.Changes, change => change.StartsWith("ecr:CreateRepository", StringComparison.Ordinal));
        Assert.Contains(Step.Repository + "-new@sha256:", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_name_is_answered_with_those_that_exist()
    {
        await using var run = await StartAsync();

        await AssertAsync(run, ExitCode.Settings, DeployAsync(run, ("SERVICE_NAME", "shopp")));
        Assert.Contains("'shopp'", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_that_is_closed_to_the_target_account()
    {
        await using var run = await StartAsync(world => world.WithRepository(one => one with { Policy = null }));

        await AssertAsync(run, ExitCode.Access, DeployAsync(run));
        Assert.Contains("Add this statement to it", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_push_that_is_cut_off_is_explained()
    {
        await using var run = await StartAsync();
        run.Faults.Add(new FaultRule { On = "POST /v2/shop/*", Kind = FaultKind.ResetBefore, Count = null });

        await AssertAsync(run, ExitCode.Push, DeployAsync(run));
        Assert.Contains("is there, so most likely", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_promotion()
    {
        await using var run = await StartAsync();
        await DeployAsync(run);

        await AssertAsync(run, ExitCode.Done, run.PromoteAsync(("IMAGE", "from:dev"), ("PROMOTE_FROM", "dev")));
    }

    private static Task<ExitCode> DeployAsync(PipeRun run, params IReadOnlyList<(string Name, string? Value)> changes) =>
        run.DeployAsync([("BASE_IMAGE", $"{Step.Repository}:base"), .. changes]);

    private static async Task AssertAsync(PipeRun run, ExitCode expected, Task<ExitCode> running)
    {
        Assert.Equal(expected, await running);
        Assert.DoesNotContain(run.Requests, request => (int)request.Status == 403 || request.ErrorCode?.Contains("Denied", StringComparison.Ordinal) == true);
    }

    private static Task<PipeRun> StartAsync(Func<World, World>? change = null, bool mayCreate = false) => PipeRun.StartAsync(world =>
    {
        var workspace = world.Workspace;
        (string, JsonNode)[] common =
        [
            ("Workspace", workspace.Slug), ("WorkspaceUuid", workspace.Uuid), ("BitbucketRepositoryUuid", workspace.RepositoryUuid.Trim('{', '}')),
        ];
        var registry = new AccountTemplate(
            "registry.yaml", DefaultWorld.Registry, [.. common, ("TargetAccounts", new JsonArray(DefaultWorld.Dev, DefaultWorld.Production)), ("MayCreateRepository", mayCreate ? "true" : "false")]);
        world = world
            .WithRole(DefaultWorld.Registry, "ecr-push", role => As(role, registry, "PushRole"))
            .WithRepository(one => one with
            {
                Policy = registry.Property("Repository", "RepositoryPolicyText"),
                Mutability = registry.Property("Repository", "ImageTagMutability"),
                SampleTags = ["base"],
            });
        foreach (var (account, environment) in new[] { (DefaultWorld.Dev, "dev"), (DefaultWorld.Production, "production") })
        {
            var target = new AccountTemplate(
                "target.yaml", account,
                [
                    .. common, ("EnvironmentUuid", workspace.Environments[environment].Trim('{', '}')), ("ClusterName", environment),
                    ("TaskExecutionRoleArn", $"arn:aws:iam::{account}:role/task-execution"), ("TaskRoleArn", $"arn:aws:iam::{account}:role/task"),
                ]);
            world = world.WithRole(account, "deploy", role => As(role, target, "DeployRole"));
        }

        return change?.Invoke(world) ?? world;
    });

    private static Role As(Role role, AccountTemplate template, string resource) => role with
    {
        IdentityPolicies = [template.PolicyOf(resource)],
        TrustPolicy = template.Property(resource, "AssumeRolePolicyDocument"),
        MaxSessionDuration = TimeSpan.FromSeconds(int.Parse(template.Property(resource, "MaxSessionDuration"), null)),
    };
}
