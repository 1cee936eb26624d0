using System.Security.Cryptography;
using System.Text;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;

namespace EcsDeploy.Ecs;

/// <summary>A task to run once, beside a service.</summary>
internal sealed record OneOffRequest
{
    /// <summary>What was asked for: arguments, entry point, container, timeout.</summary>
    public required OneOffTask Wish { get; init; }

    /// <summary>Before the rollout, or after it.</summary>
    public bool IsAfter { get; init; }

    /// <summary>The build before a rollout, the deployment after it: the same work for another occasion is done again.</summary>
    public required string Occasion { get; init; }

    /// <summary>The work was done and is on record, unless a task of it can be seen to have failed.</summary>
    public bool MayBeLongDone { get; init; }

    /// <summary>The service whose network, capacity and platform it gets.</summary>
    public required ServiceState Service { get; init; }

    /// <summary>The definition of the rollout, with the new image.</summary>
    public required TaskDefinition Definition { get; init; }

    /// <summary>The container that runs the arguments, where the wish names none.</summary>
    public required string Container { get; init; }

    /// <summary>The image of the rollout: another definition that was named gets it too. Null leaves the images as they are.</summary>
    public PushedImage? Image { get; init; }

    public string When => IsAfter ? "after the rollout" : "before the rollout";

    /// <summary>
    /// <c>startedBy</c> of the task: the same for the same work, so that a run that comes after a killed one finds what that one began. At most 128
    /// characters of letters, digits, hyphens, slashes and underscores (ECS model).
    /// </summary>
    public string Mark
    {
        get
        {
            var work = string.Join('\n', [Service.Arn, When, Occasion, Definition.Arn, Wish.TaskDefinition, Wish.Container ?? Container, .. Wish.EntryPoint, "--", .. Wish.Arguments]);
            return $"dotnet-ecs-deploy/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(work)))[..40]}";
        }
    }

    /// <summary>The variable that an option of the wish comes from.</summary>
    public string Variable(string option) => (IsAfter ? VariableNames.AfterDeploy : VariableNames.BeforeDeploy) + option;

    /// <summary>The whole command as the container runs it, entry point included.</summary>
    public string CommandLine(TaskDefinition definition, string name)
    {
        var container = definition.Container(name);
        var entryPoint = container.Texts("entryPoint") is { Count: > 0 } own ? own : ImageEntryPointOf(container.Text("image"));
        return string.Join(' ', (entryPoint ?? ["(the image's entry point)"]).Concat(Wish.Arguments).Select(Quoted));
    }

    private IReadOnlyList<string>? ImageEntryPointOf(string? image) => image is not null && image == Image?.Reference ? Image.EntryPoint : null;

    private static string Quoted(string word) =>
        word.Length == 0 || (word.Contains(' ', StringComparison.Ordinal) && word[0] != '(') ? $"'{word}'" : word;
}
