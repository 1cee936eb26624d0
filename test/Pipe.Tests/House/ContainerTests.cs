using System.Diagnostics;
using System.Text.RegularExpressions;
using EcsDeploy.Docker;
using Pipe.Tests.Images;
using Xunit;

namespace Pipe.Tests.House;

/// <summary>What the pipe's own images and pipelines are made from agrees with the rest; test/image/trial.sh builds and runs the images.</summary>
public sealed class ContainerTests
{
    private const string Python = "/usr/bin/python3";

    // Every fault on a line of its own; Bitbucket's schema of bitbucket-pipelines.yml comes first, then the file.
    private const string Check = """
        import json, sys, yaml, jsonschema
        schema, pipeline = json.load(open(sys.argv[1])), yaml.safe_load(open(sys.argv[2]))
        for fault in jsonschema.Draft7Validator(schema).iter_errors(pipeline):
            print("/".join(map(str, fault.absolute_path)), fault.message)
        """;

    [Fact]
    public void The_images_have_the_sdk_that_global_json_names()
    {
        var named = Regex.Match(Read("global.json"), "\"version\": \"(.+)\"").Groups[1].Value;

        Assert.Contains($"ARG SDK=mcr.microsoft.com/dotnet/sdk:{named}\n", Read("Dockerfile"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_full_image_has_Dockers_command_line_where_the_pipe_looks_for_it()
    {
        var site = new DockerSite { CloneDirectory = "/", ConfigurationDirectory = "/", Environment = new Dictionary<string, string>() };

        Assert.Contains($"COPY --from=docker /usr/local/bin/docker {site.OwnProgram}\n", Read("Dockerfile"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bitbucket-pipelines.yml")]
    [InlineData("examples/shop/bitbucket-pipelines.yml")]
    public async Task Bitbucket_takes_the_pipelines_here(string file) =>
        Assert.Equal("", await FaultsAsync(Path.Combine(SourceTree.Root, file), TestContext.Current.CancellationToken));

    [Fact]
    public async Task A_step_of_a_size_that_there_is_not_is_seen()
    {
        using var folder = new TempFolder();
        var pipeline = folder.Write("bitbucket-pipelines.yml", "pipelines: { default: [{ step: { size: huge, script: [true] } }] }");

        Assert.Contains("pipelines/default", await FaultsAsync(pipeline, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task<string> FaultsAsync(string pipeline, CancellationToken token)
    {
        var schema = Schema();
        Assert.SkipWhen(schema is null, "Bitbucket's schema does not lie beside this checkout.");
        Assert.SkipUnless(Directory.Exists("/usr/lib/python3/dist-packages/jsonschema"), "python3-jsonschema is not installed; test/run.sh installs it.");
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", Check, schema, pipeline]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var faults = process.StandardOutput.ReadToEndAsync(token);
        var broken = process.StandardError.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);
        Assert.True(process.ExitCode == 0, await broken);
        return await faults;
    }

    private static string? Schema()
    {
        for (var folder = new DirectoryInfo(SourceTree.Root); folder is not null; folder = folder.Parent)
        {
            var beside = Path.Combine(folder.FullName, "shared", "bitbucket", "pipelines-schema.json");
            if (File.Exists(beside))
            {
                return beside;
            }
        }

        return null;
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(SourceTree.Root, file));
}
