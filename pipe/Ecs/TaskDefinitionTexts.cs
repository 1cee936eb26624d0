using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcsDeploy.Ecs;

/// <summary>
/// Knows which members of a task definition ECS wants as text, so that 256, true and on in a file become text there and nowhere else. Held to Amazon's
/// model by a test; a member that is newer than this list stays what it is in the file.
/// </summary>
internal static class TaskDefinitionTexts
{
    private const string Containers = "containerDefinitions";

    private static readonly HashSet<string> Members = new(
        """
        accessPointArn accessPointId add appProtocol command condition containerName containerPath containerPortRange cpu cpuArchitecture
        credentialSpecs credentialsParameter deviceName deviceType dnsSearchDomains dnsServers dockerSecurityOptions domain driver drop entryPoint
        executionRoleArn expression family fileSystemArn fileSystemId hostPath hostname iam image ipAddress ipcMode key links logDriver memory
        mountOptions name namespace networkMode operatingSystemFamily permissions pidMode protocol requiresCompatibilities rootDirectory scope
        sourceContainer sourcePath sourceVolume taskRoleArn transitEncryption type user value valueFrom versionConsistency workingDirectory
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal);

    // Their keys are free, and all their values are text.
    private static readonly HashSet<string> Maps = new(["dockerLabels", "options", "driverOpts", "labels"], StringComparer.Ordinal);

    // Text for the whole task, numbers for one container.
    private static readonly HashSet<string> NumbersOfContainers = new(["cpu", "memory"], StringComparer.Ordinal);

    /// <summary>Where in the definition one stands; a list's items stand where the list stands.</summary>
    internal readonly record struct Place(string Member, bool InContainer, bool InMap)
    {
        public bool IsText => InMap || (Members.Contains(Member) && !(InContainer && NumbersOfContainers.Contains(Member)));

        public Place Of(string member) => new(member, InContainer || Member == Containers, Maps.Contains(Member));
    }

    /// <summary>Writes as text what JSON gave as number or flag.</summary>
    public static void Apply(JsonNode? node, Place place = default)
    {
        if (node is JsonObject json)
        {
            foreach (var (name, value) in json.ToList())
            {
                var inner = place.Of(name);
                Apply(value, inner);
                if (AsText(value, inner) is { } text)
                {
                    json[name] = text;
                }
            }
        }
        else if (node is JsonArray list)
        {
            for (var index = 0; index < list.Count; index++)
            {
                Apply(list[index], place);
                if (AsText(list[index], place) is { } text)
                {
                    list[index] = text;
                }
            }
        }
    }

    /// <summary>Null where nothing has to change.</summary>
    private static JsonValue? AsText(JsonNode? node, Place place) =>
        node is JsonValue value && place.IsText && value.GetValueKind() != JsonValueKind.String ? JsonValue.Create(value.ToJsonString()) : null;
}
