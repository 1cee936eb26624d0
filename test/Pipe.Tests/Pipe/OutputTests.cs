using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcsDeploy;
using Pipe.Tests.Delivery;
using Pipe.Tests.House;
using Sandbox.Ecr;
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

    [Fact]
    public async Task The_record_of_an_image_tells_its_base_its_layers_and_what_was_sent()
    {
        await using var run = await PipeRun.StartAsync();

        await run.DeployAsync();
        var first = Document(run, "image.json");
        run.Publish("2.0");
        await run.DeployAsync();
        var second = Document(run, "image.json");

        var registry = run.Sandbox.Registries.Of("111111111111", "eu-west-1");
        var image = registry.Find("shop")!.Find((string)second["digest"]!)!.Document;
        var layers = second["layers"]!.AsArray();
        Assert.Equal($"{Step.Repository}@{image.Digest}", (string?)second["image"]);
        Assert.Equal(Step.Repository.Replace("/shop", "/base/aspnet@", StringComparison.Ordinal) + registry.Find("base/aspnet")!.Find("10.0")!.Digest, (string?)Assert.Single(second["baseImages"]!.AsArray()));
        Assert.Equal(run.Variables["BITBUCKET_COMMIT"], (string?)Assert.Single(second["tags"]!.AsArray()));
        Assert.Equal(image.Layers.Select(layer => (layer.Digest, layer.Size)), layers.Select(layer => ((string)layer!["digest"]!, (long)layer["size"]!)));
        Assert.Equal(["base", "packages", "static", "app"], layers.Select(layer => (string?)layer!["holds"]));
        Assert.All(layers, layer => Assert.Equal("linux/amd64", (string?)layer!["platform"]));
        Assert.Equal(["", "Serilog.dll", "wwwroot/index.html", "Shop.Web.deps.json Shop.Web.dll Shop.Web.runtimeconfig.json"],
            layers.Select(layer => string.Join(' ', layer!["files"]!.AsArray().Select(file => (string?)file))));
        Assert.All(first["layers"]!.AsArray(), layer => Assert.Equal("sent", (string?)layer!["origin"]));
        Assert.Equal(["reused", "reused", "reused", "sent"], layers.Select(layer => (string?)layer!["origin"]));
        Assert.Equal((long?)layers[3]!["size"], (long?)second["sentBytes"]);
    }

    [Fact]
    public async Task The_record_of_two_platforms_tells_both_bases_and_whose_each_layer_is()
    {
        await using var run = await PipeRun.StartAsync();
        var bases = run.Sandbox.Registries.Of("111111111111", "eu-west-1").Find("base/aspnet")!;
        var children = ((string[])["amd64", "arm64"]).ToDictionary(name => $"linux/{name}", name => new SampleImage { Architecture = name, Content = name }.PutInto(bases));
        SampleImage.PutIndexInto(bases, children, "10.0");

        await run.RunAsync(("ACTION", "push"), ("CLUSTER_NAME", null), ("SERVICE_NAME", null), ("CONTAINER_NAME", null),
            ("PUBLISH_DIR", "published"), ("PLATFORMS", "linux/amd64, linux/arm64"), ("BASE_IMAGE", $"{bases.Address}:10.0"));

        var record = Document(run, "image.json");
        Assert.Equal(children.Values.Select(digest => $"{bases.Address}@{digest}"), record["baseImages"]!.AsArray().Select(name => (string)name!));
        Assert.Equal(2, record["children"]!.AsArray().Distinct().Count());
        Assert.All(children.Keys, platform => Assert.Equal(
            ["base", "packages", "static", "app"],
            record["layers"]!.AsArray().Where(layer => (string?)layer!["platform"] == platform).Select(layer => (string?)layer!["holds"])));
    }

    [Fact]
    public async Task An_image_without_layers_has_its_record_too()
    {
        await using var run = await PipeRun.StartAsync();
        ArchiveSeed.Layout().WriteFolder(Path.Combine(run.Clone, "layout"));

        Assert.Equal(ExitCode.Done, await run.DeployAsync(("PUBLISH_DIR", null), ("BASE_IMAGE", null), ("IMAGE_ARCHIVE", "layout")));

        Assert.Empty(Document(run, "image.json")["layers"]!.AsArray());
    }

    [Fact]
    public async Task The_readme_names_every_file_and_every_key()
    {
        await using var run = await PipeRun.StartAsync();
        await run.DeployAsync();
        var folder = Path.Combine(run.Clone, ".dotnet-ecs-deploy");

        foreach (var file in Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)))
        {
            var row = (await File.ReadAllLinesAsync(Path.Combine(SourceTree.Root, "README.md"), TestContext.Current.CancellationToken))
                .Single(line => line.StartsWith($"| `{file}` |", StringComparison.Ordinal));
            var named = Regex.Matches(row[(file.Length + 6)..], "`([A-Za-z_]+)`").Select(match => match.Groups[1].Value).Except(["source", "sent", "reused", "mounted"]);
            var written = file.EndsWith(".json", StringComparison.Ordinal)
                ? Keys(Document(run, file))
                : (await File.ReadAllLinesAsync(Path.Combine(folder, file), TestContext.Current.CancellationToken)).Select(line => line.Split('=')[0]);
            Assert.Equal(written.Distinct().Order(StringComparer.Ordinal), named.Distinct().Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task The_debug_log_tells_what_ran_when()
    {
        await using var run = await PipeRun.StartAsync();

        await run.DeployAsync(("DEBUG", "true"));

        var phases = Regex.Matches(run.Log, @"Timeline: (?<phase>.+) from (?<from>\d+) to (?<to>\d+) ms").ToDictionary(match => match.Groups["phase"].Value.Trim('"'));
        Assert.Equal(
            ["base image", "base layers", "earlier images", "hash and compress", "manifest and tags", "publish for linux/amd64", "send"],
            phases.Keys.Order(StringComparer.Ordinal));
        Assert.All(phases.Values, phase => Assert.True(int.Parse(phase.Groups["from"].Value, null) <= int.Parse(phase.Groups["to"].Value, null), phase.Value));
    }

    [Fact]
    public async Task Without_debug_the_log_has_no_timeline()
    {
        await using var run = await PipeRun.StartAsync();

        await run.DeployAsync();

        Assert.DoesNotContain("Timeline:", run.Log, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Keys(JsonNode? node) => node switch
    {
        JsonObject one => one.SelectMany(pair => Keys(pair.Value).Prepend(pair.Key)),
        JsonArray many => many.SelectMany(Keys),
        _ => [],
    };

    private static JsonNode Document(PipeRun run, string file = "deployment.json") => JsonNode.Parse(File.ReadAllText(Path.Combine(run.Clone, ".dotnet-ecs-deploy", file)))!;
}
