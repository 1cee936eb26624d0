using System.Text.Json.Nodes;
using Sandbox.Ecs.State;

namespace Sandbox.Ecs.Engine;

/// <summary>CloudWatch alarms that watch deployments (DeploymentAlarms in the ECS model). Only an alarm that goes off while a deployment is in progress counts.</summary>
public sealed class Alarms(Rollouts rollouts)
{
    /// <summary>The alarm goes to ALARM.</summary>
    public void GoOff(IEnumerable<Service> services, string alarm)
    {
        foreach (var service in services)
        {
            if (service.Newest is { Status: "IN_PROGRESS" } rollout && Configuration(rollout) is { } alarms && (alarms["alarmNames"] as JsonArray ?? []).Any(name => (string?)name == alarm))
            {
                rollout.TriggeredAlarms.Add(alarm);
                rollouts.AlarmWentOff(service, rollout, alarm, (bool?)alarms["rollback"] == true);
            }
        }
    }

    /// <summary>Null where alarms are off.</summary>
    public static JsonObject? Configuration(ServiceDeployment rollout) =>
        rollout.Configuration["alarms"] is JsonObject alarms && (bool?)alarms["enable"] == true ? alarms : null;
}
