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
            Behaviours = [.. world.Behaviours, new BehaviourRule(new TaskBehaviour { RunApp = true }) { Image = ".amazonaws.com/shop@" }],
        };
    }
}
