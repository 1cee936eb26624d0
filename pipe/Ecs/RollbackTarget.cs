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

    public string? Commit => Definition.Tag("commit");

    public string? Build => Definition.Tag("build");

    /// <summary>What the containers ran: it must still be in its registry.</summary>
    public IReadOnlyList<RanImage> Images =>
    [
        .. Definition.Json.Members("containerDefinitions")
            .Where(container => container.Text("image") is not null)
            .Select(container => RanImage.Of(container.Text("name") ?? "", container.Text("image")!, Revision)),
    ];

    /// <summary>What going back changes, a line each.</summary>
    public IReadOnlyList<string> Differences => TaskDefinitionDiff.Of(Current.Json, Definition.Json);

    public bool Is(string wish) =>
        wish == Definition.Name || wish == Build
        || (wish.Length >= 7 && Commit?.StartsWith(wish, StringComparison.OrdinalIgnoreCase) == true)
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
        string.Concat(Definition.Name, Commit is { } commit ? $" (commit {commit[..Math.Min(12, commit.Length)]})" : "", Build is { } build ? $" (build {build})" : "");
}

/// <summary>The image of one container: where it is, and which one it was.</summary>
/// <param name="Container">Its name in the definition.</param>
/// <param name="Repository">Host and name, without tag and digest.</param>
/// <param name="Tag">Null when it is named by digest alone.</param>
/// <param name="Digest">As it stands in the definition, else as ECS resolved it when it ran; null when nobody knows.</param>
internal sealed record RanImage(string Container, string Repository, string? Tag, string? Digest)
{
    /// <summary>The definition names it by a tag alone, so that rolling it again takes whatever the tag stands on then.</summary>
    public bool ByTag { get; init; }

    public string Reference => Digest is null ? $"{Repository}:{Tag}" : $"{Repository}@{Digest}";

    public static RanImage Of(string container, string image, ServiceRevision? revision)
    {
        var at = image.Split('@', 2);
        var colon = at[0].LastIndexOf(':');
        var tagged = colon > at[0].LastIndexOf('/');
        return new RanImage(
            container,
            tagged ? at[0][..colon] : at[0],
            tagged ? at[0][(colon + 1)..] : at.Length == 2 ? null : "latest",
            at.Length == 2 ? at[1] : revision?.Images.FirstOrDefault(one => one.Container == container).Digest)
        {
            ByTag = at.Length == 1,
        };
    }
}
