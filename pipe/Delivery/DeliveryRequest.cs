using EcsDeploy.Names;
using EcsDeploy.Settings;

namespace EcsDeploy.Delivery;

/// <summary>What is to be brought into the repository.</summary>
internal sealed record DeliveryRequest
{
    public required RegistrySettings Registry { get; init; }

    public required IReadOnlyList<Platform> Platforms { get; init; }

    public LayerOptions Layers { get; init; } = new();

    /// <summary>
    /// Those of the tags that only this commit gets. An image that has one is this build's, made by an earlier run; what has a moving tag
    /// (<c>latest</c>) is merely the build before.
    /// </summary>
    public IReadOnlyList<ImageTag> CommitTags { get; init; } = [];

    /// <summary>Digests and tags of images in the repository that may share layers with the new one: what runs, what was pushed last. Nothing is sent before they are known.</summary>
    public Task<IReadOnlyList<string>> Earlier { get; init; } = Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>An existing folder for what is too large to be kept in memory.</summary>
    public required string WorkDirectory { get; init; }
}
