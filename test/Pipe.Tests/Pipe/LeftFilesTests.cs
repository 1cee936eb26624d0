using System.Text.Json.Nodes;
using EcsDeploy;
using Sandbox.Ecs.Engine;
using Sandbox.Faults;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>The files for later steps tell of the last run, however that ended, and never of an earlier one.</summary>
public sealed class LeftFilesTests
{
    /// <summary>How a run comes to an end of its own without rolling anything.</summary>
    public static TheoryData<string, string, int> Ends => new()
    {
        { "SERVICE_NAME", "${SERVICE}", 2 },
        { "ACTION", "deplyo", 2 },
        { "DRY_RUN", "perhaps", 2 },
        { "CA_BUNDLE", "x.pem", 2 },
        { "CONFIG_FILE", "nowhere.yml", 2 },
        { "DEPLOY_ROLE_ARN", "arn:aws:iam::222222222222:role/nobody", 3 },
        { "PUBLISH_DIR", "nowhere", 2 },
        { "PUBLISH_DIR", "published/wwwroot", 4 },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task A_run_that_rolls_nothing_leaves_its_own_end_and_nothing_of_the_run_before(string variable, string value, int exit)
    {
        await using var run = await PipeRun.StartAsync();
        Assert.Equal(ExitCode.Done, await run.DeployAsync());

        Assert.Equal(exit, (int)await run.DeployAsync((variable, value)));

        AssertNothingDone(run, exit);
    }

    [Fact]
    public async Task A_refused_promotion_in_a_fresh_clone_leaves_its_end()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync();
        Directory.Delete(Path.Combine(run.Clone, ".dotnet-ecs-deploy"), recursive: true);

        Assert.Equal(ExitCode.Refused, await run.PromoteAsync(("IMAGE", "from:dev"), ("PROMOTE_FROM", "staging")));

        AssertNothingDone(run, 12);
        Assert.Equal(("promote", "production"), ((string?)Document(run)["action"], (string?)Document(run)["environment"]));
    }

    [Theory]
    [InlineData("published", 0)]
    [InlineData("nowhere", 2)]
    public async Task A_dry_run_leaves_nothing_that_looks_like_a_deployment(string folder, int exit)
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync();

        Assert.Equal(exit, (int)await run.DeployAsync(("DRY_RUN", "true"), ("PUBLISH_DIR", folder)));

        Assert.Empty(Directory.EnumerateFiles(Path.Combine(run.Clone, ".dotnet-ecs-deploy")));
    }

    [Fact]
    public async Task A_cancelled_run_leaves_that_it_was()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync();
        run.Sandbox.Ecs.Behaviours.Add(new BehaviourRule(new TaskBehaviour { PullTime = TimeSpan.FromMinutes(5) }));

        // The second run is in its rollout by then.
        run.Faults.Add(new FaultRule { On = "ecs:DescribeServiceDeployments", Kind = FaultKind.Slow, Duration = TimeSpan.Zero, First = 3, Meanwhile = run.Stop });
        run.Publish("2.0");
        Assert.Equal(ExitCode.Cancelled, await run.DeployAsync());

        AssertNothingDone(run, 130);
    }

    [Fact]
    public async Task The_folder_that_the_config_file_names_is_found_though_other_settings_are_wrong()
    {
        await using var run = await PipeRun.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(run.Clone, "ecs-deploy.yml"), "output-dir: left\n", TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Settings, await run.DeployAsync(("ECR_REPOSITORY", "shop")));

        AssertNothingDone(run, 2, "left");
        Assert.False(Directory.Exists(Path.Combine(run.Clone, ".dotnet-ecs-deploy")));
    }

    [Fact]
    public async Task Nothing_is_written_outside_of_the_clone()
    {
        await using var run = await PipeRun.StartAsync();
        var outside = $"{run.Clone}-outside";

        Assert.Equal(ExitCode.Settings, await run.DeployAsync(("OUTPUT_DIR", $"../{Path.GetFileName(outside)}")));

        Assert.False(Directory.Exists(outside));
        Assert.False(Directory.Exists(Path.Combine(run.Clone, ".dotnet-ecs-deploy")));
    }

    [Fact]
    public async Task A_promotion_leaves_no_record_of_an_image_that_an_earlier_run_pushed()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync();
        Assert.True(File.Exists(At(run, "image.json")));

        Assert.Equal(ExitCode.Done, await run.PromoteAsync(("IMAGE", "from:dev")));

        Assert.False(File.Exists(At(run, "image.json")));
        Assert.Contains("DEPLOYED_IMAGE=", await File.ReadAllTextAsync(At(run, "deployment.env"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static void AssertNothingDone(PipeRun run, int exit, string folder = ".dotnet-ecs-deploy")
    {
        Assert.Equal([$"DEPLOY_EXIT_CODE={exit}"], File.ReadAllLines(At(run, "deployment.env", folder)));
        var document = Document(run, folder);
        Assert.Equal(exit, (int)document["exitCode"]!);
        Assert.Null(document["image"]);
        Assert.Empty(document["services"]!.AsArray());
        Assert.False(File.Exists(At(run, "image.json", folder)));
    }

    private static string At(PipeRun run, string file, string folder = ".dotnet-ecs-deploy") => Path.Combine(run.Clone, folder, file);

    private static JsonNode Document(PipeRun run, string folder = ".dotnet-ecs-deploy") => JsonNode.Parse(File.ReadAllText(At(run, "deployment.json", folder)))!;
}
