using System.Text.Json.Nodes;
using EcsDeploy;
using EcsDeploy.Names;
using EcsDeploy.Logging;
using EcsDeploy.Outcomes;
using EcsDeploy.Reporting;
using Serilog.Core;
using Xunit;

namespace Pipe.Tests.Reporting;

/// <summary>What later steps and people find when a run is over.</summary>
public sealed class ReportingTests : IDisposable
{
    private readonly string _clone = Directory.CreateTempSubdirectory("reporting").FullName;

    public void Dispose() => Directory.Delete(_clone, recursive: true);

    [Theory]
    [InlineData("aws", "eu-west-1", "https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/dev/services/shop/deployments?region=eu-west-1")]
    [InlineData("aws-cn", "cn-north-1", "https://console.amazonaws.cn/ecs/v2/clusters/dev/services/shop/deployments?region=cn-north-1")]
    [InlineData("aws-us-gov", "us-gov-west-1", "https://console.amazonaws-us-gov.com/ecs/v2/clusters/dev/services/shop/deployments?region=us-gov-west-1")]
    public void The_console_page_is_in_the_services_own_partition(string partition, string region, string page)
    {
        var run = Run() with { Partition = partition, Region = region };

        Assert.Equal(page, ConsoleAddress.Of(run, run.Services[0]).AbsoluteUri);
    }

    [Fact]
    public async Task Later_steps_find_the_image_and_the_verdict()
    {
        var files = new OutputFiles(_clone, ".dotnet-ecs-deploy", new Redactor(), Logger.None);

        await files.WriteAsync(Run(), TestContext.Current.CancellationToken);

        var folder = Path.Combine(_clone, ".dotnet-ecs-deploy");
        var document = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "deployment.json"), TestContext.Current.CancellationToken))!;
        Assert.Equal("rolled back", (string?)document["services"]![0]!["verdict"]);
        Assert.Equal(6, (int?)document["exitCode"]);
        var lines = await File.ReadAllLinesAsync(Path.Combine(folder, "deployment.env"), TestContext.Current.CancellationToken);
        Assert.Contains($"DEPLOYED_IMAGE={Run().Image!.Reference}", lines);
        Assert.Equal(["deployment.env", "deployment.json", "image.json"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_the_log_masks_is_masked_in_the_files_too()
    {
        var redactor = new Redactor();
        redactor.Add("hunter2-hunter2");
        var files = new OutputFiles(_clone, ".dotnet-ecs-deploy", redactor, Logger.None);
        var service = Service() with { Verdict = new Verdict.RolledBack { Serving = Serving.Old, Reasons = ["Its last line: hunter2-hunter2"] } };

        await files.WriteAsync(Run() with { Services = [service] }, TestContext.Current.CancellationToken);

        var document = await File.ReadAllTextAsync(Path.Combine(_clone, ".dotnet-ecs-deploy", "deployment.json"), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("hunter2", document, StringComparison.Ordinal);
        Assert.Contains("Its last line: ***", document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_does_not_change_how_the_run_ended()
    {
        await File.WriteAllTextAsync(Path.Combine(_clone, "taken"), "a file", TestContext.Current.CancellationToken);
        var files = new OutputFiles(_clone, "taken/below", new Redactor(), Logger.None);

        var failure = await Record.ExceptionAsync(() => files.WriteAsync(Run(), TestContext.Current.CancellationToken));

        Assert.Null(failure);
    }

    private static RolloutOutcome Service() => new()
    {
        Cluster = "dev",
        Service = "shop",
        Verdict = new Verdict.RolledBack { Serving = Serving.Old, Reasons = ["The app exited with code 139."] },
        Before = "shop:4",
        After = "shop:5",
    };

    private static RunSummary Run() => new()
    {
        Action = "deploy",
        Environment = "dev",
        Region = "eu-west-1",
        Image = new PushedImage
        {
            Repository = EcrRepository.TryParse("111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop", out var repository) ? repository : throw new InvalidOperationException(),
            Digest = Digest.Of("image"u8),
        },
        Services = [Service()],
        ExitCode = ExitCode.RolledBack,
        Duration = TimeSpan.FromSeconds(42),
    };
}
