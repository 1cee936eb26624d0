namespace EcsDeploy.Ecs;

/// <summary>The image of one container: where it is, and which one it was.</summary>
/// <param name="Container">Its name in the definition.</param>
/// <param name="Repository">Host and name, without tag and digest.</param>
/// <param name="Tag">Null when it is named by digest alone.</param>
/// <param name="Digest">As it stands in the definition, else as ECS resolved it when it ran; null when nobody knows.</param>
internal sealed record ContainerImage(string Container, string Repository, string? Tag, string? Digest)
{
    /// <summary>The definition names it by a tag alone, so that rolling it again takes whatever the tag stands on then.</summary>
    public bool ByTag { get; init; }

    public string Reference => Digest is null ? $"{Repository}:{Tag}" : $"{Repository}@{Digest}";

    /// <summary>Those of all containers.</summary>
    /// <param name="definition">Names them.</param>
    /// <param name="revision">Of a service that ran it: knows their digests. Null when none is known.</param>
    public static IReadOnlyList<ContainerImage> AllOf(TaskDefinition definition, ServiceRevision? revision) =>
    [
        .. definition.Json.Members("containerDefinitions")
            .Where(container => container.Text("image") is not null)
            .Select(container => Of(container.Text("name") ?? "", container.Text("image")!, revision)),
    ];

    public static ContainerImage Of(string container, string image, ServiceRevision? revision = null)
    {
        var at = image.Split('@', 2);
        var colon = at[0].LastIndexOf(':');
        var tagged = colon > at[0].LastIndexOf('/');
        return new ContainerImage(
            container,
            tagged ? at[0][..colon] : at[0],
            tagged ? at[0][(colon + 1)..] : at.Length == 2 ? null : "latest",
            at.Length == 2 ? at[1] : revision?.Images.FirstOrDefault(one => one.Container == container).Digest)
        {
            ByTag = at.Length == 1,
        };
    }
}
