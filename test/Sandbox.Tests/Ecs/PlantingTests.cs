using Sandbox.Worlds;
using Xunit;

namespace Sandbox.Tests.Ecs;

/// <summary>What stands in the world file.</summary>
public sealed class PlantingTests
{
    [Theory]
    [InlineData(DefaultWorld.Dev, "dev", 1)]
    [InlineData(DefaultWorld.Production, "production", 2)]
    public async Task The_default_world_has_a_steady_service_in_each_environment(string account, string cluster, int count)
    {
        using var bench = new Bench();
        bench.Service.Plant(DefaultWorld.Create());
        var answer = await bench.CallAsync("DescribeServices", $$"""{"cluster":"{{cluster}}","services":["shop"]}""", account);
        var service = Assert.Single(answer["services"]!.AsArray())!;
        Assert.Equal(count, (int)service["runningCount"]!);
        Assert.Equal("COMPLETED", (string)Assert.Single(service["deployments"]!.AsArray())!["rolloutState"]!);
        Assert.NotNull(service["currentServiceDeployment"]);
        Assert.Equal(2, bench.Service.Describe()["clusters"]!.AsArray().Count);
    }
}
