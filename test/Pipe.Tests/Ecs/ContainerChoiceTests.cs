using System.Text.Json.Nodes;
using EcsDeploy.Ecs;
using EcsDeploy.Names;
using Xunit;

namespace Pipe.Tests.Ecs;

public sealed class ContainerChoiceTests
{
    private static readonly EcrRepository Ours = EcrRepository.TryParse(Some.Repository, out var repository) ? repository : throw new InvalidOperationException();

    [Theory]
    [InlineData("111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop", true)]
    [InlineData("111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop:1", true)]
    [InlineData("111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop:1@sha256:ab", true)]
    [InlineData("111111111111.dkr-ecr.eu-west-1.on.aws/shop@sha256:ab", true)]
    [InlineData("111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop2", false)]
    [InlineData("111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/api", false)]
    [InlineData("999999999999.dkr.ecr.eu-west-1.amazonaws.com/shop", false)]
    [InlineData("111111111111.dkr.ecr.us-east-1.amazonaws.com/shop", false)]
    [InlineData("nginx", false)]
    [InlineData(null, false)]
    public void An_image_is_ours_by_account_region_and_name(string? image, bool ours) => Assert.Equal(ours, ContainerChoice.IsFrom(Ours, image));

    [Fact]
    public void The_named_container_is_taken() => Assert.Equal(["sidecar"], ContainerChoice.Choose(Some.Definition, ["sidecar"], Ours, ["web"]));

    [Fact]
    public void Every_container_with_an_image_of_our_repository_is_taken() =>
        Assert.Equal(["a", "c"], ContainerChoice.Choose(With(("a", Some.Repository + ":1"), ("b", "nginx"), ("c", Some.Image)), [], Ours, ["b"]));

    [Fact]
    public void Else_the_one_behind_the_load_balancer() =>
        Assert.Equal(["b"], ContainerChoice.Choose(With(("a", "placeholder"), ("b", "nginx")), [], Ours, ["b"]));

    [Fact]
    public void Else_the_only_one() => Assert.Equal(["a"], ContainerChoice.Choose(With(("a", "placeholder")), [], Ours, []));

    [Fact]
    public void A_definition_from_a_file_is_called_by_its_family()
    {
        var file = new TaskDefinition(JsonNode.Parse("""{"family":"shop","containerDefinitions":[{"name":"a","image":"x"},{"name":"b","image":"y"}]}""")!.AsObject(), []);

        var failure = Assert.Throws<EcsSettingsException>(() => ContainerChoice.Choose(file, [], Ours, []));

        Assert.StartsWith("Cannot tell which container of task definition shop to change: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_name_is_answered_with_the_names_that_exist()
    {
        var fault = Assert.Throws<EcsSettingsException>(() => ContainerChoice.Choose(Some.Definition, ["wbe"], Ours, []));

        Assert.Contains("'wbe'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("web, sidecar", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_tells_them_apart_the_names_are_listed()
    {
        var fault = Assert.Throws<EcsSettingsException>(() => ContainerChoice.Choose(With(("a", "x"), ("b", "y")), [], Ours, []));

        Assert.Contains("CONTAINER_NAME to one or more of: a, b", fault.Message, StringComparison.Ordinal);
    }

    private static TaskDefinition With(params (string Name, string Image)[] containers) => new(
        new JsonObject
        {
            ["family"] = "web",
            ["containerDefinitions"] = new JsonArray([.. containers.Select(item => (JsonNode)new JsonObject { ["name"] = item.Name, ["image"] = item.Image })]),
        },
        []);
}
