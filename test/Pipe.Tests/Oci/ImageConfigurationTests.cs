using System.Text;
using EcsDeploy.Names;
using EcsDeploy.Oci;
using Xunit;

namespace Pipe.Tests.Oci;

/// <summary>Image configurations: what an app adds, and what of its base survives.</summary>
public sealed class ImageConfigurationTests
{
    private const string Base = """
        {"architecture":"amd64","os":"linux","variant":"v3","created":"2026-01-02T03:04:05Z","unknown":{"kept":[1,2]},
         "config":{"Env":["PATH=/bin","A=1"],"Entrypoint":["dotnet"],"Cmd":["x"],"User":"app","Labels":{"b":"1"},"Healthcheck":{"Test":["NONE"]},"ExposedPorts":{"80/tcp":{}}},
         "rootfs":{"type":"layers","diff_ids":["sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]},
         "history":[{"created_by":"FROM"},{"created_by":"ENV","empty_layer":true}]}
        """;

    private static readonly Digest Layer = Digest.Of("layer"u8);

    private static readonly ConfigurationChanges Changes = new()
    {
        EntryPoint = ["dotnet", "/app/web.dll"],
        Command = [],
        WorkingDirectory = "/app/",
        Layers = [(Layer, "app")],
    };

    [Fact]
    public void Fields_that_nobody_here_knows_survive()
    {
        var text = Encoding.UTF8.GetString(Parse(Base).With(Changes).ToBytes());

        Assert.Contains("\"unknown\":{\"kept\":[1,2]}", text, StringComparison.Ordinal);
        Assert.Contains("\"variant\":\"v3\"", text, StringComparison.Ordinal);
        Assert.Contains("\"Healthcheck\":{\"Test\":[\"NONE\"]}", text, StringComparison.Ordinal);
        Assert.Contains("\"created\":\"2026-01-02T03:04:05Z\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_base_stays_as_it_is()
    {
        var configuration = Parse(Base);
        var before = configuration.ToBytes();

        configuration.With(Changes with { Environment = [new("A", "2")] });

        Assert.Equal(before, configuration.ToBytes());
    }

    [Fact]
    public void Entry_point_command_and_working_directory_are_the_apps_own()
    {
        var configuration = Parse(Base).With(Changes);

        Assert.Equal(["dotnet", "/app/web.dll"], configuration.EntryPoint);
        Assert.Empty(configuration.Command);
        Assert.Equal("/app/", configuration.WorkingDirectory);
        Assert.Equal("app", configuration.User);
    }

    [Fact]
    public void A_variable_of_the_app_replaces_the_bases_in_its_place()
    {
        var configuration = Parse(Base).With(Changes with { Environment = [new("PATH", "/usr/bin"), new("NEW", "a=b")] });

        Assert.Equal(["PATH=/usr/bin", "A=1", "NEW=a=b"], configuration.Environment);
        Assert.Equal("a=b", configuration.Variable("NEW"));
        Assert.Null(configuration.Variable("NE"));
    }

    [Fact]
    public void Ports_and_labels_join_the_bases_whatever_their_order()
    {
        var one = Parse(Base).With(Changes with { Ports = ["9/udp", "8/tcp"], Labels = [new("c", "3"), new("b", "2")] });
        var other = Parse(Base).With(Changes with { Ports = ["8/tcp", "9/udp"], Labels = [new("b", "2"), new("c", "3")] });

        Assert.Equal(["80/tcp", "8/tcp", "9/udp"], one.Ports);
        Assert.Equal([new("b", "2"), new("c", "3")], one.Labels);
        Assert.Equal(one.ToBytes(), other.ToBytes());
    }

    [Fact]
    public void Each_layer_has_a_line_of_history_even_over_a_base_that_lacks_some()
    {
        var full = Encoding.UTF8.GetString(Parse(Base).With(Changes).ToBytes());
        var bare = Encoding.UTF8.GetString(Parse(Base.Replace("{\"created_by\":\"FROM\"},", "", StringComparison.Ordinal)).With(Changes).ToBytes());

        Assert.EndsWith("""
            "history":[{"created_by":"FROM"},{"created_by":"ENV","empty_layer":true},{"author":"dotnet-ecs-deploy","created_by":"app"}]}
            """, full, StringComparison.Ordinal);
        Assert.EndsWith("""
            "history":[{"created_by":"ENV","empty_layer":true},{"created_by":"base image"},{"author":"dotnet-ecs-deploy","created_by":"app"}]}
            """, bare, StringComparison.Ordinal);
        Assert.Equal(2, Parse(Base).With(Changes).DiffIds.Count);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{}")]
    [InlineData("{\"rootfs\":{\"diff_ids\":[\"sha256:zz\"]}}")]
    [InlineData("{\"rootfs\":{\"diff_ids\":{}}}")]
    public void What_is_no_configuration_is_refused(string text) => Assert.Throws<DocumentException>(() => Parse(text));

    [Fact]
    public void A_configuration_without_settings_takes_the_apps()
    {
        var configuration = Parse("""{"os":"linux","architecture":"arm64","config":null,"rootfs":{"type":"layers","diff_ids":[]}}""").With(Changes);

        Assert.Equal(Platform.Arm64, configuration.Platform);
        Assert.Equal(["dotnet", "/app/web.dll"], configuration.EntryPoint);
    }

    private static ImageConfiguration Parse(string text) => ImageConfiguration.Parse(Encoding.UTF8.GetBytes(text));
}
