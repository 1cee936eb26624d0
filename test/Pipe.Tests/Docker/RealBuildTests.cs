using System.Text;
using EcsDeploy.Delivery;
using EcsDeploy.Docker;
using EcsDeploy.Registry;
using Pipe.Tests.Delivery;
using Pipe.Tests.Images;
using Pipe.Tests.Registry;
using Serilog;
using Xunit;

namespace Pipe.Tests.Docker;

/// <summary>What a Dockerfile can be given, tried with every command line that this machine has: an old one with BuildKit, a new one with the classic builder.</summary>
public sealed class RealBuildTests(RealEngine engine) : IClassFixture<RealEngine>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> CommandLines => RealDockerTests.CommandLines;

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task A_private_base_elsewhere_is_built_upon_with_the_login_that_was_given_for_it(string program)
    {
        await using var bench = await DeliveryBench.StartAsync();
        await using var debian = await DebianRegistry.StartAsync(Path.Combine(bench.Folder, "debian"));
        RunnableApp.PutBase(bench.Bases, "10.0");
        await debian.CopyAsync(bench.Registries.Client(ImageReference.Parse($"{bench.Bases.Host}/{DeliveryBench.Base}"), null), "10.0", "private/base", "10.0");
        var source = DockerTrial.Context(bench, $"FROM {debian.Host}/private/base:10.0\nCOPY file /file\n");

        var failure = await Assert.ThrowsAsync<DockerException>(() => Delivery(bench, program).RunAsync(source, bench.Request("v1"), Token));
        var image = await Delivery(bench, program).RunAsync(
            source with { BaseImage = $"{debian.Host}/private/base:10.0", BaseLogin = DebianRegistry.Login }, bench.Request("v1"), Token);

        Assert.Contains("private/base", failure.Message, StringComparison.Ordinal);
        Assert.Equal(3, image.Layers.Count);
    }

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task Target_and_arguments_reach_the_builder(string program)
    {
        await using var bench = await DeliveryBench.StartAsync();
        var source = await DockerTrial.RunnableAsync(bench, """
            FROM scratch AS ground
            COPY show file /
            ARG WORD=none
            ENV WORD=$WORD
            FROM ground AS wanted
            RUN ["/show", "/file"]
            ENV STAGE=wanted
            FROM ground AS other
            COPY missing /missing
            """);

        await Delivery(bench, program).RunAsync(source with { Target = "wanted", BuildArguments = ["WORD=two words"] }, bench.Request("v1"), Token);

        var (configuration, _) = await DockerTrial.ReadAsync(bench, "v1");
        Assert.Equal(("two words", "wanted"), (configuration.Variable("WORD"), configuration.Variable("STAGE")));
    }

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task What_belongs_to_an_option_is_never_one_itself(string program)
    {
        await using var bench = await DeliveryBench.StartAsync();
        var source = DockerTrial.Context(bench, "FROM scratch\nCOPY file /file\n") with { BuildArguments = ["--help=1", "--help"] };

        var image = await Delivery(bench, program).RunAsync(source, bench.Request("v1"), Token);
        var failure = await Assert.ThrowsAsync<DockerException>(() => Delivery(bench, program).RunAsync(source with { Target = "--help" }, bench.Request("v2"), Token));

        Assert.Single(image.Layers);
        Assert.Contains("target", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Usage:", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task A_secret_is_there_while_it_is_built_with_and_nowhere_in_the_image(string program)
    {
        await using var bench = await DeliveryBench.StartAsync();
        var secret = Guid.NewGuid().ToString("N");
        var source = await DockerTrial.RunnableAsync(bench, "FROM scratch\nCOPY show /\nRUN --mount=type=secret,id=feed [\"/show\", \"/run/secrets/feed\"]\nCOPY file /\n");
        await File.WriteAllTextAsync(Path.Combine(bench.Folder, "feed.txt"), secret, Token);
        var wanted = source with { Secrets = ["id=feed,src=feed.txt"] };
        var log = new LogLines();

        if (program != RealEngine.CommandLines[0])
        {
            // This machine's newer command line has no buildx plugin.
            var failure = await Assert.ThrowsAsync<DockerException>(() => Delivery(bench, program).RunAsync(wanted, bench.Request("v1"), Token));
            Assert.Contains("DOCKER_SECRETS needs BuildKit", failure.Message, StringComparison.Ordinal);
            return;
        }

        var without = await Assert.ThrowsAsync<DockerException>(() => Delivery(bench, program).RunAsync(source, bench.Request("v1"), Token));
        await Delivery(bench, program, log: log.Logger).RunAsync(wanted, bench.Request("v1"), Token);

        Assert.Contains("/run/secrets/feed is missing", without.Message, StringComparison.Ordinal);
        Assert.Contains(log.Lines, line => line.Contains(secret, StringComparison.Ordinal));
        var (configuration, layers) = await DockerTrial.ReadAsync(bench, "v1");
        Assert.DoesNotContain(secret, Encoding.UTF8.GetString(configuration.ToBytes()), StringComparison.Ordinal);
        Assert.All(layers, layer => Assert.DoesNotContain(secret, layer, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task Layers_are_taken_from_the_image_that_is_named_as_a_cache(string program)
    {
        await using var bench = await DeliveryBench.StartAsync();
        var cache = $"{bench.Registries.HostForDocker(bench.Repository)}/shop:cache";
        var source = await DockerTrial.RunnableAsync(bench, "FROM scratch\nCOPY show file /\nRUN [\"/show\", \"/file\"]\nENV LAST=1\n");
        var log = new LogLines();
        await Delivery(bench, program).RunAsync(source with { BuildArguments = ["BUILDKIT_INLINE_CACHE=1"] }, bench.Request("cache"), Token);

        await Delivery(bench, program, log: log.Logger).RunAsync(source with { CacheFrom = [cache] }, bench.Request("v1"), Token);

        Assert.Contains(log.Lines, line => line.Contains($"importing cache manifest from {cache}", StringComparison.Ordinal) || line.Contains("Using cache", StringComparison.Ordinal));
    }

    private DockerDelivery Delivery(DeliveryBench bench, string program, ILogger? log = null) => DockerTrial.Delivery(engine, bench, program, log: log);
}
