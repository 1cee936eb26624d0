using Sandbox.Ecs.Engine;

namespace Sandbox.Worlds;

/// <summary>The default world with a stand-in for Microsoft's base image, where tasks of the central repository's images really run.</summary>
public static class DemoWorld
{
    public static World Create()
    {
        var world = DefaultWorld.Create();
        return world with
        {
            Repositories = [.. world.Repositories, new RepositorySeed { AccountId = DefaultWorld.Registry, Name = "dotnet/aspnet", SampleTags = ["10.0"] }],
            Clusters = [.. world.Clusters.Select(cluster => cluster with { Services = [.. cluster.Services.Select(WithHealthCheck)] })],
            Behaviours = [.. world.Behaviours, new BehaviourRule(new TaskBehaviour { RunApp = true }) { Image = ".amazonaws.com/shop@" }],
        };
    }

    // Without it a task that ran for a moment counts as started, and the breaker never sees its crash (containers-roadmap#1206).
    private static ServiceSeed WithHealthCheck(ServiceSeed service) => service with
    {
        TaskDefinition = service.TaskDefinition.Replace(
            """ "essential":true, """.Trim(),
            """ "essential":true,"healthCheck":{"command":["CMD-SHELL","curl -f http://localhost:8080/health || exit 1"],"interval":10,"retries":3}, """.Trim(),
            StringComparison.Ordinal),
    };
}
