using System.Text.Json.Nodes;
using Sandbox.Ecs.State;

namespace Sandbox.Ecs.Engine;

/// <summary>Which containers behave how. Later rules go before earlier ones, so that a test can overrule the world.</summary>
public sealed class BehaviourRules
{
    private readonly List<Entry> _entries = [];

    public TaskBehaviour Default { get; set; } = new();

    public void Add(BehaviourRule rule) => _entries.Add(new Entry(rule));

    /// <summary>The behaviour of a container that starts now; a rule that is limited to some starts loses one.</summary>
    public TaskBehaviour Take(EcsTask task, EcsContainer container)
    {
        for (var index = _entries.Count - 1; index >= 0; index--)
        {
            var entry = _entries[index];
            if (entry.Left > 0 && entry.Rule.Fits(task, container))
            {
                entry.Left--;
                return entry.Rule.Behaviour;
            }
        }

        return Default;
    }

    /// <summary>Why there is no room for such a task; null when there is.</summary>
    public string? NoCapacity(TaskDefinition definition)
    {
        var rule = _entries.FindLast(entry => entry.Left > 0 && entry.Rule.Behaviour.NoCapacity is not null && entry.Rule.FitsFamily(definition.Family));
        if (rule is null)
        {
            return null;
        }

        rule.Left--;
        return rule.Rule.Behaviour.NoCapacity;
    }

    private sealed class Entry(BehaviourRule rule)
    {
        public BehaviourRule Rule { get; } = rule;

        public int Left { get; set; } = rule.Times;
    }
}

/// <summary>A behaviour and the containers it is for; what is null fits all.</summary>
public sealed record BehaviourRule(TaskBehaviour Behaviour)
{
    /// <summary>A digest, or a part of the image as the container definition names it.</summary>
    public string? Image { get; init; }

    /// <summary>A part of the command, joined by blanks.</summary>
    public string? Command { get; init; }

    /// <summary><c>NAME=value</c> in the container's environment.</summary>
    public string? Environment { get; init; }

    public string? Container { get; init; }

    public string? Family { get; init; }

    /// <summary>For so many starts only.</summary>
    public int Times { get; init; } = int.MaxValue;

    public bool FitsFamily(string family) => Family is null || Family == family;

    public bool Fits(EcsTask task, EcsContainer container) =>
        Behaviour.NoCapacity is null
        && FitsFamily(task.Definition.Family)
        && (Container is null || Container == container.Name)
        && (Image is null || Image == container.ImageDigest || container.Image.Contains(Image, StringComparison.Ordinal))
        && (Command is null || CommandOf(task, container).Contains(Command, StringComparison.Ordinal))
        && (Environment is null || EnvironmentOf(task, container).Contains(Environment));

    private static string CommandOf(EcsTask task, EcsContainer container) =>
        string.Join(' ', (ContainerSettings.Member(task, container, "command") as JsonArray ?? []).Select(part => (string?)part));

    private static IEnumerable<string> EnvironmentOf(EcsTask task, EcsContainer container) =>
        ContainerSettings.Environment(task, container).Select(pair => $"{pair.Key}={pair.Value}");
}
