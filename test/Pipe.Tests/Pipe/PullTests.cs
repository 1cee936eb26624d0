using EcsDeploy;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>A repository that is closed to the target account is found before anything is changed.</summary>
public sealed class PullTests
{
    private const string Closed = $"The policy of the repository {Step.Repository} does not allow account {DefaultWorld.Dev} to pull";

    private const string Everything = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:*","Resource":"*"}]}""";

    [Theory]
    [InlineData(null)]
    [InlineData("""{"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::333333333333:root"},"Action":"ecr:*"}}""")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":"*","Action":"ecr:BatchGetImage"}]}""")]
    public async Task The_statement_to_add_is_told_with_nothing_changed(string? policy)
    {
        await using var run = await PipeRun.StartAsync(world => world.WithRepository(one => one with { Policy = policy }));

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused(
            Closed, "Nothing was changed",
            """{"Sid":"PullFrom222222222222","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"]}""");
        Assert.DoesNotContain(run.Requests, request => request.Service == "registry" && request.Method is "POST" or "PUT");
        Assert.EndsWith("No service was touched: what ran before still serves", run.LastLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_told_statement_lets_it_pull()
    {
        const string Told = """{"Statement":[{"Sid":"PullFrom222222222222","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"]}]}""";
        await using var run = await PipeRun.StartAsync(world => world.WithRepository(one => one with { Policy = Told }));

        Assert.Equal(ExitCode.Done, await run.DeployAsync());
    }

    [Fact]
    public async Task A_repository_in_the_target_account_itself_needs_no_policy()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithRole(DefaultWorld.Dev, "deploy", role => role with { IdentityPolicies = [.. role.IdentityPolicies, Everything] }) with
        {
            Repositories = [new RepositorySeed { AccountId = DefaultWorld.Dev, Name = "shop", SampleTags = ["base"] }],
        });
        const string Repository = $"{DefaultWorld.Dev}.dkr.ecr.eu-west-1.amazonaws.com/shop";

        var exit = await run.DeployAsync(("ECR_REPOSITORY", Repository), ("ECR_ROLE_ARN", null), ("BASE_IMAGE", $"{Repository}:base"));

        Assert.Equal(ExitCode.Done, exit);
        Assert.DoesNotContain(run.Requests, request => request.Operation == "GetRepositoryPolicy");
    }

    [Fact]
    public async Task A_promotion_into_an_account_that_may_not_pull_is_refused()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithRepository(one => one with { Policy = one.Policy!.Replace($",\"arn:aws:iam::{DefaultWorld.Production}:root\"", "", StringComparison.Ordinal) }));
        await run.DeployAsync();

        var exit = await run.PromoteAsync(("IMAGE", "from:dev"));

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused($"does not allow account {DefaultWorld.Production} to pull");
    }

    [Fact]
    public async Task A_dry_run_tells_it_too()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithRepository(one => one with { Policy = null }));

        Assert.Equal(ExitCode.Access, await run.DeployAsync(("DRY_RUN", "true")));
        run.AssertRefused(Closed);
    }

    [Fact]
    public async Task A_statement_that_forbids_the_account_is_named()
    {
        const string Policy = """
            {"Statement":[{"Effect":"Allow","Principal":"*","Action":"ecr:*"},
              {"Sid":"NotDev","Effect":"Deny","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":["ecr:BatchGetImage"]}]}
            """;
        await using var run = await PipeRun.StartAsync(world => world.WithRepository(one => one with { Policy = Policy }));

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused("forbids account 222222222222 to pull (statement 'NotDev')");
    }

    [Fact]
    public async Task Where_only_the_whole_registrys_policy_could_allow_it_and_cannot_be_read_it_is_a_warning()
    {
        await using var run = await PipeRun.StartAsync(world => world.WithRepository(one => one with { Policy = null }).Without(DefaultWorld.Registry, "ecr-push", "ecr:GetRegistryPolicy"));

        var exit = await run.DeployAsync();

        Assert.Equal(ExitCode.RolledBack, exit);
        Assert.Contains($"WARNING: {Closed}", run.Log, StringComparison.Ordinal);
        Assert.Contains("(ecr:GetRegistryPolicy)", run.Log, StringComparison.Ordinal);
    }
}
