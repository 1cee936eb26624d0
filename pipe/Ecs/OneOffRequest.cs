using System.Security.Cryptography;
using System.Text;
using EcsDeploy.Settings;

namespace EcsDeploy.Ecs;

/// <summary>A task to run once, beside a service.</summary>
internal sealed record OneOffRequest
{
    /// <summary>What was asked for: arguments, entry point, container, timeout.</summary>
    public required OneOffTask Wish { get; init; }

    /// <summary>"before the rollout" or "after the rollout", for the log.</summary>
    public required string When { get; init; }

    /// <summary>The service whose network, capacity and platform it gets.</summary>
    public required ServiceState Service { get; init; }

    /// <summary>The definition of the rollout, with the new image.</summary>
    public required TaskDefinition Definition { get; init; }

    /// <summary>The container that runs the arguments, where the wish names none.</summary>
    public required string Container { get; init; }

    /// <summary>The image's own entry point, for the log; null when it is not known.</summary>
    public IReadOnlyList<string>? ImageEntryPoint { get; init; }

    public string ContainerName => Wish.Container ?? Container;

    /// <summary>
    /// <c>startedBy</c> of the task: the same for the same work, so that a run that comes after a killed one finds what that one began. At most 128
    /// characters of letters, digits, hyphens, slashes and underscores (ECS model).
    /// </summary>
    public string Mark
    {
        get
        {
            var work = string.Join('\n', [Service.Arn, When, Definition.Arn, ContainerName, .. Wish.EntryPoint, "--", .. Wish.Arguments]);
            return $"dotnet-ecs-deploy/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(work)))[..40]}";
        }
    }

    /// <summary>The whole command as the container runs it, entry point included.</summary>
    public string CommandLine(TaskDefinition definition)
    {
        var container = definition.Json.Members("containerDefinitions").FirstOrDefault(item => item.Text("name") == ContainerName);
        var entryPoint = container.Texts("entryPoint") is { Count: > 0 } own ? own : ImageEntryPoint ?? ["(the image's entry point)"];
        return string.Join(' ', entryPoint.Concat(Wish.Arguments).Select(word => word.Contains(' ', StringComparison.Ordinal) && word[0] != '(' ? $"'{word}'" : word));
    }
}
