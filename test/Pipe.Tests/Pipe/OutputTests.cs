using System.Text.Json.Nodes;
using EcsDeploy;
using Sandbox.Ecs.Engine;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>What a run leaves for later steps and for people.</summary>
public sealed class OutputTests
{
    [Fact]
    public async Task Later_steps_read_the_digest_and_the_outcome()
    {
        await using var run = await PipeRun.StartAsync();

        await run.DeployAsync();

        var digest = run.Sandbox.Registries.Of("111111111111", "eu-west-1").Find("shop")!.Images.Single().Digest;
        var lines = await File.ReadAllLinesAsync(Path.Combine(run.Clone, ".dotnet-ecs-deploy", "deployment.env"), TestContext.Current.CancellationToken);
        Assert.Contains($"DEPLOYED_IMAGE={Step.Repository}@{digest}", lines);
        Assert.Contains("DEPLOY_EXIT_CODE=0", lines);
        var service = Document(run)["services"]![0]!;
        Assert.Equal("succeeded", (string)service["verdict"]!);
        Assert.Equal(("shop:2", "shop:1"), ((string)service["taskDefinition"]!, (string)service["previousTaskDefinition"]!));
        Assert.StartsWith("arn:aws:ecs:eu-west-1:222222222222:service-deployment/dev/shop/", (string)service["serviceDeployment"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_written_too()
    {
        await using var run = await PipeRun.StartAsync();
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { ExitAfter = TimeSpan.Zero, ExitCode = 1 }));

        Assert.Equal(ExitCode.RolledBack, await run.DeployAsync());

        var document = Document(run);
        Assert.Equal(6, (int)document["exitCode"]!);
        Assert.Equal("rolled back", (string)document["services"]![0]!["verdict"]!);
        Assert.NotEmpty(document["services"]![0]!["reasons"]!.AsArray());
    }

    [Theory]
    [InlineData(false, "PASSED")]
    [InlineData(true, "FAILED")]
    public async Task The_commit_gets_a_report(bool crashes, string result)
    {
        await using var run = await PipeRun.StartAsync();
        if (crashes)
        {
            run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { ExitAfter = TimeSpan.Zero, ExitCode = 1 }));
        }

        await run.DeployAsync(("REPORT", "true"), ("REPORT_PROXY", run.Sandbox.Endpoint.AbsoluteUri));

        var report = Assert.Single(run.Sandbox.Insights.Reports).Body;
        Assert.Equal(result, (string)report["result"]!);
        Assert.Contains("dev/shop:", (string)report["details"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_that_nobody_takes_changes_nothing()
    {
        await using var run = await PipeRun.StartAsync();

        Assert.Equal(ExitCode.Done, await run.DeployAsync(("REPORT", "true"), ("REPORT_PROXY", "http://127.0.0.1:9")));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_said_and_changes_nothing()
    {
        await using var run = await PipeRun.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(run.Clone, "taken"), "", TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Done, await run.DeployAsync(("OUTPUT_DIR", "taken")));
        Assert.Contains("The files for later steps could not be written", run.Log, StringComparison.Ordinal);
    }

    private static JsonNode Document(PipeRun run) => JsonNode.Parse(File.ReadAllText(Path.Combine(run.Clone, ".dotnet-ecs-deploy", "deployment.json")))!;
}
