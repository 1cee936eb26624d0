using System.Text.Json.Nodes;
using EcsDeploy.Settings;

namespace EcsDeploy.Ecs;

/// <summary>Everything known about a service's task definition before the image is: made by reading only.</summary>
internal sealed record TaskDefinitionPlan
{
    public required ServiceSettings Settings { get; init; }

    /// <summary>What the service runs now.</summary>
    public required TaskDefinition Live { get; init; }

    /// <summary>What the edits are made on: <see cref="Live"/>, or what TASK_DEFINITION names.</summary>
    public required TaskDefinition Base { get; init; }

    /// <summary>The newest ACTIVE revision of the family; null when the family has none.</summary>
    public TaskDefinition? Newest { get; init; }

    /// <summary>The containers that get the image and the edits.</summary>
    public required IReadOnlyList<string> Containers { get; init; }

    /// <summary>TASK_DEFINITION names a revision that is to run as it is.</summary>
    public bool AsItIs { get; init; }

    /// <summary>What becomes of the definition with this image; a null image keeps the ones that stand there.</summary>
    public TaskDefinitionChange With(string? image, IReadOnlyDictionary<string, string> stamps)
    {
        if (AsItIs)
        {
            return new TaskDefinitionChange { Existing = Base.Arn, Differences = TaskDefinitionDiff.Of(Live.Json, Base.Json) };
        }

        var input = TaskDefinitionEdit.Apply(Base, Settings, Containers, image, stamps);
        return TaskDefinitionChange.To(input, [Live, Newest], TaskDefinitionDiff.Of(Live.Json, input));
    }

    /// <summary>
    /// What a newer revision has that the live one has not: somebody registered it and did not roll it, and rolling from the live one leaves it out.
    /// Empty when there is none, when it is what this run makes, or what an earlier run of ours made and did not get to run.
    /// </summary>
    public IReadOnlyList<string> LeftOut(TaskDefinitionChange change) =>
        Newest is { } newest && Settings.TaskDefinition is TaskDefinitionSource.Live && newest.Revision > Live.Revision && newest.Arn != change.Existing && !IsOurs(newest)
            ? TaskDefinitionDiff.Of(Live.Json, newest.Json)
            : [];

    /// <summary>
    /// Tags alone prove nothing, since whoever copies a revision copies them too: our sessions end with the build that the tag names, and where there is no
    /// session (keys of a user), whoever registered the live revision of ours registered this one.
    /// </summary>
    private bool IsOurs(TaskDefinition newest) =>
        newest is { RegisteredBy: { } by } && newest.Build is { Length: > 0 } build
        && (by.EndsWith($"-{build}", StringComparison.Ordinal) || (by == Live.RegisteredBy && Live.Build is not null));
}

/// <summary>What a service's next task definition is: one that is there, or an input to register.</summary>
internal sealed record TaskDefinitionChange
{
    /// <summary>The ARN of a revision that already is what was asked for; null when one has to be registered.</summary>
    public string? Existing { get; init; }

    /// <summary>The input of RegisterTaskDefinition; null exactly when <see cref="Existing"/> is not.</summary>
    public JsonObject? Input { get; init; }

    /// <summary>Against what runs now, a line each; empty when nothing changes.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    /// <summary>The first revision of those that are there which means the same and can be rolled, else one to register.</summary>
    public static TaskDefinitionChange To(JsonObject input, IReadOnlyList<TaskDefinition?> there, IReadOnlyList<string> differences)
    {
        var existing = there.FirstOrDefault(candidate => candidate is { IsActive: true, Arn.Length: > 0 } && TaskDefinitionMeaning.Same(candidate.Json, input));
        return new TaskDefinitionChange { Existing = existing?.Arn, Input = existing is null ? input : null, Differences = differences };
    }
}
