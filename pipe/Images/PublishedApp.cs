namespace EcsDeploy.Images;

/// <summary>An app that is ready to become an image for one platform: what its container should be, and its layers, lowest first.</summary>
internal sealed record PublishedApp(string Folder, ContainerFacts Facts, IReadOnlyList<AppLayer> Layers);
