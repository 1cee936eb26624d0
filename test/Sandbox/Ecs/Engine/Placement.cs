using Sandbox.Ecs.State;

namespace Sandbox.Ecs.Engine;

/// <summary>Finds a container instance with room, as the scheduler of EC2 tasks does (CreateService: task placement; one task per instance for DAEMON).</summary>
public static class Placement
{
    /// <summary>The instance, its room taken; or null and the service event that says why not.</summary>
    public static ContainerInstance? Take(Service service, TaskDefinition definition, out string refusal)
    {
        refusal = "";
        if (service.Cluster.Instances.Count == 0)
        {
            refusal = ServiceTexts.NoInstances(service);
            return null;
        }

        foreach (var instance in service.Cluster.Instances.Where(instance => !service.Daemon || IsFree(service, instance)))
        {
            if (Take(instance, definition))
            {
                return instance;
            }
        }

        var closest = service.Cluster.Instances[0];
        refusal = ServiceTexts.NoRoom(service, closest, closest.Cpu < definition.Cpu ? "CPU units" : "memory");
        return null;
    }

    public static bool Take(ContainerInstance instance, TaskDefinition definition)
    {
        if (instance.Cpu < definition.Cpu || instance.Memory < definition.Memory)
        {
            return false;
        }

        instance.Cpu -= definition.Cpu;
        instance.Memory -= definition.Memory;
        return true;
    }

    public static void Release(EcsTask task)
    {
        if (task.Instance is { } instance)
        {
            instance.Cpu += task.Definition.Cpu;
            instance.Memory += task.Definition.Memory;
        }
    }

    private static bool IsFree(Service service, ContainerInstance instance) =>
        !service.Deployments.Exists(deployment => new[] { TaskPhase.Pending, TaskPhase.Running, TaskPhase.Healthy }
            .Any(phase => deployment.In(phase).Any(task => task.Instance == instance)));
}
