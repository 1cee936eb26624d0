namespace EcsDeploy.Images;

/// <summary>Parts a published app into layers by how often their files change, least often first; a kind without files gives no layer.</summary>
internal static class LayerPlan
{
    public static IReadOnlyList<AppLayer> Of(IReadOnlyList<PublishedFile> files, string workingDirectory, Func<string, LayerKind> kindOf) =>
    [
        .. files.GroupBy(file => file.IsFolder ? LayerKind.App : kindOf(file.Path))
            .OrderBy(group => group.Key)
            .Select(group => new AppLayer(group.Key, workingDirectory, [.. group])),
    ];
}
