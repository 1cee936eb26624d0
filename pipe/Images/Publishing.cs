namespace EcsDeploy.Images;

/// <summary>An app while it is being published: the reference of its base image is known long before the app is compiled.</summary>
internal sealed record Publishing(Task<string> BaseImage, Task<PublishedApp> App);
