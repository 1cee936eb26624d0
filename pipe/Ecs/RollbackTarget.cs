using EcsDeploy.Names;

namespace EcsDeploy.Ecs;

/// <summary>A revision that a service can be taken back to.</summary>
/// <param name="Definition">As it is registered, INACTIVE ones too.</param>
/// <param name="SucceededAt">When it ran steadily; null when that is not known.</param>
/// <param name="Revision">The service revision with the images' digests; null when none is known.</param>
internal sealed record RollbackTarget(TaskDefinition Definition, DateTimeOffset? SucceededAt, ServiceRevision? Revision)
{
    public required TaskDefinition Current { get; init; }

    /// <summary>It ran here before, by ECS's word or by the registry's record.</summary>
    public bool RanBefore { get; init; } = true;

    /// <summary>The service is given it already.</summary>
    public bool IsCurrent => Definition.Arn == Current.Arn;

    /// <summary>What the containers ran: it must still be in its registry.</summary>
    public IReadOnlyList<ContainerImage> Images => ContainerImage.AllOf(Definition, Revision);

    /// <summary>What going back changes, a line each.</summary>
    public IReadOnlyList<string> Differences => TaskDefinitionDiff.Of(Current.Json, Definition.Json);

    public bool Is(string wish) =>
        wish == Definition.Name || wish == Definition.Build
        || (wish.Length >= 7 && Definition.Commit?.StartsWith(wish, StringComparison.OrdinalIgnoreCase) == true)
        || (Digest.TryParse(wish, out _) && Images.Any(image => image.Digest == wish));

    /// <summary>What has to be rolled: the revision itself, or a new one that says the same where the old one was deregistered or its tags have moved on.</summary>
    /// <param name="pins">For a container whose tag stands on another image by now: the image that it ran, by digest.</param>
    public TaskDefinitionChange Change(IReadOnlyDictionary<string, string>? pins = null)
    {
        if (Definition.IsActive && pins is not { Count: > 0 })
        {
            return new TaskDefinitionChange { Existing = Definition.Arn, Differences = Differences };
        }

        var stamps = new Dictionary<string, string> { [RollbackFinder.RestoresTag] = Definition.Tag(RollbackFinder.RestoresTag) ?? Definition.Name };
        var input = TaskDefinitionEdit.Copy(Definition, stamps);
        foreach (var container in input.Members("containerDefinitions"))
        {
            if (pins?.GetValueOrDefault(container.Text("name") ?? "") is { } pinned)
            {
                container["image"] = pinned;
            }
        }

        return new TaskDefinitionChange { Input = input, Differences = TaskDefinitionDiff.Of(Current.Json, input) };
    }

    public override string ToString() =>
        string.Concat(Definition.Name, Definition.Commit is { } commit ? $" (commit {commit[..Math.Min(12, commit.Length)]})" : "", Definition.Build is { } build ? $" (build {build})" : "");
}
