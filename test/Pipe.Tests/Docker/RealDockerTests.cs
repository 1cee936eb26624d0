using EcsDeploy;
using EcsDeploy.Delivery;
using EcsDeploy.Docker;
using EcsDeploy.Oci;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Pipe.Tests.Delivery;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Docker;

/// <summary>DOCKERFILE and IMAGE_NAME against a real engine, with every command line that this machine has.</summary>
public sealed class RealDockerTests(RealEngine engine) : IClassFixture<RealEngine>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> CommandLines => [.. RealEngine.CommandLines.DefaultIfEmpty("docker")];

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task A_Dockerfile_becomes_an_image_in_the_repository_and_is_not_built_twice(string program)
    {
        await using var bench = await DeliveryBench.StartAsync();
        var delivery = Delivery(bench, program);
        var source = DockerTrial.Context(bench, "FROM scratch\nARG VERSION\nCOPY file /file\nENV VERSION=$VERSION\nENTRYPOINT [\"/file\"]\n");

        var image = await delivery.RunAsync(source with { BuildArguments = ["VERSION=7"] }, bench.Request("v1", "also", "latest"), Token);
        var again = await Delivery(bench, "/nowhere/docker").RunAsync(source, bench.Request("v1"), Token);

        var next = await delivery.RunAsync(source with { BuildArguments = ["VERSION=8"] }, bench.Request("v2", "latest"), Token);
        var found = await bench.Ecr.FindImageAsync("also", Token);
        Assert.Equal(image.Digest, found?.Digest);
        Assert.Equal(image.Digest, again.Digest);
        Assert.NotEqual(image.Digest, next.Digest);
        var configuration = ImageConfiguration.Parse(await bench.Client.ReadBlobAsync(ImageManifest.Parse(found!.Manifest, found.MediaType).Configuration, Token));
        Assert.Equal(("7", "/file"), (configuration.Variable("VERSION"), Assert.Single(configuration.EntryPoint)));

    }

    [Fact]
    public async Task The_image_of_another_Dockerfile_or_app_is_not_taken_for_this_ones_by_its_tag()
    {
        await using var bench = await DeliveryBench.StartAsync();
        var program = RealEngine.CommandLines.DefaultIfEmpty("docker").First();
        var source = DockerTrial.Context(bench, "FROM scratch AS worker\nCOPY file /worker\nFROM scratch\nCOPY file /file\n");
        var first = await Delivery(bench, program).RunAsync(source, bench.Request("v1"), Token);
        await bench.PushAsync("app");

        var stage = await Assert.ThrowsAsync<PushException>(() => Delivery(bench, program).RunAsync(source with { Target = "worker" }, bench.Request("v1"), Token));
        var app = await Assert.ThrowsAsync<PushException>(() => Delivery(bench, program).RunAsync(source, bench.Request("app"), Token));
        var missing = await Assert.ThrowsAsync<DockerException>(() => Delivery(bench, program).RunAsync(new ImageSource.Dockerfile("nope/Dockerfile"), bench.Request("v1"), Token));
        var image = await Assert.ThrowsAsync<PushException>(() =>
            Delivery(bench, program).RunAsync(new ImageSource.DockerImage($"{bench.Registries.HostForDocker(bench.Repository)}/shop:v1"), bench.Request("app"), Token));

        Assert.StartsWith("The tag 'v1' stands on an image that was not built from 'Dockerfile . worker' (Dockerfile, context, stage) but from 'Dockerfile .'. ", stage.Message, StringComparison.Ordinal);
        Assert.Contains("The tag 'app' stands on an image that was not built from 'Dockerfile .' (Dockerfile, context, stage) but otherwise.", app.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Settings, missing.ExitCode);
        Assert.Contains("The tag 'app' stands on an image of another app", image.Message, StringComparison.Ordinal);
        Assert.Equal(first.Digest, (await bench.Ecr.FindImageAsync("v1", Token))?.Digest);
    }

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task A_build_that_fails_says_what_Docker_said(string program)
    {
        await using var bench = await DeliveryBench.StartAsync();

        var failure = await Assert.ThrowsAsync<DockerException>(() =>
            Delivery(bench, program).RunAsync(DockerTrial.Context(bench, "FROM scratch\nCOPY missing /file\n"), bench.Request("v1"), Token));

        Assert.Equal(ExitCode.Build, failure.ExitCode);
        Assert.Contains("missing", failure.Message, StringComparison.Ordinal);
        // It advises on a variable that is the pipe's own.
        Assert.DoesNotContain("DEPRECATED", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("environment-variable", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task An_image_of_the_steps_Docker_is_pushed(string program)
    {
        await using var bench = await DeliveryBench.StartAsync();
        await Delivery(bench, program).RunAsync(DockerTrial.Context(bench, "FROM scratch\nCOPY file /file\n"), bench.Request("v1"), Token);
        var host = bench.Registries.HostForDocker(bench.Repository);

        var image = await Delivery(bench, program).RunAsync(new ImageSource.DockerImage($"{host}/shop:v1"), bench.Request("v2"), Token);

        Assert.Equal(image.Digest, (await bench.Ecr.FindImageAsync("v2", Token))?.Digest);
    }

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task What_Docker_says_was_there_already_was_not_sent(string program)
    {
        await using var bench = await DeliveryBench.StartAsync();
        var first = await Delivery(bench, program).RunAsync(DockerTrial.Context(bench, "FROM scratch\nCOPY file /file\n"), bench.Request("v1"), Token);
        var second = await Delivery(bench, program).RunAsync(DockerTrial.Context(bench, "FROM scratch\nCOPY file /file\nCOPY Dockerfile /Dockerfile\n"), bench.Request("v2"), Token);

        Assert.Equal((LayerOrigin.Sent, first.SentBytes), (Assert.Single(first.Layers).Origin, first.Layers[0].Size));
        Assert.Equal([LayerOrigin.Reused, LayerOrigin.Sent], second.Layers.Select(layer => layer.Origin));
        Assert.Equal(second.Layers[1].Size, second.SentBytes);
    }

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task An_image_that_Docker_does_not_have_is_named(string program)
    {
        await using var bench = await DeliveryBench.StartAsync();

        var failure = await Assert.ThrowsAsync<DockerException>(() =>
            Delivery(bench, program).RunAsync(new ImageSource.DockerImage("shop:none"), bench.Request("v1"), Token));

        Assert.Contains("IMAGE_NAME is 'shop:none'", failure.Message, StringComparison.Ordinal);
    }

    // ECR refuses the image that it has as it refuses another (containers-roadmap#2380): a re-run of the step must not fail by it.
    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task A_second_push_of_the_same_image_to_an_immutable_repository_is_fine_and_of_another_is_not(string program)
    {
        await using var bench = await DeliveryBench.StartAsync(DefaultWorld.Create() with
        {
            Repositories = [new RepositorySeed { AccountId = DefaultWorld.Registry, Name = "shop", Mutability = "IMMUTABLE" }],
        });
        var name = $"{bench.Registries.HostForDocker(bench.Repository)}/shop:v1";
        var delivery = Delivery(bench, program);
        var first = await delivery.RunAsync(DockerTrial.Context(bench, "FROM scratch\nCOPY file /file\nENV WHICH=one\n"), bench.Request("v1"), Token);

        var again = await delivery.RunAsync(new ImageSource.DockerImage(name), bench.Request("v1"), Token);
        await delivery.RunAsync(DockerTrial.Context(bench, "FROM scratch\nCOPY file /file\nENV WHICH=two\n"), bench.Request("v2"), Token);
        var other = await Assert.ThrowsAsync<PushException>(() => delivery.RunAsync(new ImageSource.DockerImage(name[..^1] + "2"), bench.Request("v1"), Token));

        Assert.Equal(first.Digest, again.Digest);
        Assert.Contains("immutable", other.Message, StringComparison.Ordinal);
        Assert.Contains($"The tag 'v1' stands on another image, {first.Digest}", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_without_a_command_line_is_not_told_to_add_a_service_that_it_may_have()
    {
        await using var bench = await DeliveryBench.StartAsync();

        var failure = await Assert.ThrowsAsync<DockerException>(() =>
            Delivery(bench, "/nowhere/docker", needsEngine: false).RunAsync(DockerTrial.Context(bench, "FROM scratch\n"), bench.Request("v1"), Token));

        Assert.Contains("There is no docker command line in this container", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("services:", failure.Message, StringComparison.Ordinal);
    }

    // Runtime v3 mounts no command line.
    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task Where_the_step_brings_no_command_line_the_pipes_own_builds_and_pushes(string program)
    {
        await using var bench = await DeliveryBench.StartAsync();
        var delivery = DockerTrial.Delivery(engine, bench, "/nowhere/docker", own: program);

        var image = await delivery.RunAsync(DockerTrial.Context(bench, "FROM scratch\nCOPY file /file\n"), bench.Request("v1"), Token);

        Assert.Equal(image.Digest, (await bench.Ecr.FindImageAsync("v1", Token))?.Digest);
    }

    // An engine may have become too new for the command line that is mounted ("client version 1.41 is too old").
    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task Where_the_steps_command_line_gets_no_answer_the_pipes_own_is_tried_and_the_steps_complaint_is_told(string program)
    {
        await using var bench = await DeliveryBench.StartAsync();
        var old = Path.Combine(bench.Folder, "old-docker");
        await File.WriteAllTextAsync(old, "#!/bin/sh\necho 'Error response from daemon: client version 1.24 is too old.' >&2\nexit 1\n", Token);
        File.SetUnixFileMode(old, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var source = DockerTrial.Context(bench, "FROM scratch\nCOPY file /file\n");

        await DockerTrial.Delivery(engine, bench, old, own: program).RunAsync(source, bench.Request("v1"), Token);
        var failure = await Assert.ThrowsAsync<DockerException>(() => Delivery(bench, old).RunAsync(source, bench.Request("v2"), Token));

        Assert.NotNull(await bench.Ecr.FindImageAsync("v1", Token));
        Assert.Contains("client version 1.24 is too old", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task A_step_without_an_engine_is_told_what_to_write(string program)
    {
        await using var bench = await DeliveryBench.StartAsync();
        Outside.Need(program);

        var failure = await Assert.ThrowsAsync<DockerException>(() =>
            Delivery(bench, program, host: "unix:///nowhere.sock", needsEngine: false).RunAsync(DockerTrial.Context(bench, "FROM scratch\n"), bench.Request("v1"), Token));

        Assert.Contains("services:\n      - docker", failure.Message, StringComparison.Ordinal);
        Assert.Contains("unix:///nowhere.sock", failure.Message, StringComparison.Ordinal);
    }

    private DockerDelivery Delivery(DeliveryBench bench, string program, bool needsEngine = true, string? host = null) =>
        DockerTrial.Delivery(engine, bench, program, needsEngine, host);
}
