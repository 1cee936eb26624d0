using Sandbox.Ecr;

namespace Sandbox.Ecs.Apps;

/// <summary>Unpacked images, one folder for each digest, in a folder of their own that goes with the sandbox.</summary>
public sealed class ImageFolders : IDisposable
{
    private readonly Dictionary<string, Task<RootFolder>> _folders = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"sandbox-images-{Guid.NewGuid():N}");

    public Task<RootFolder> UnpackAsync(PullResult.Pulled image, CancellationToken token)
    {
        lock (_gate)
        {
            if (!_folders.TryGetValue(image.ManifestDigest, out var folder) || folder.IsFaulted || folder.IsCanceled)
            {
                _folders[image.ManifestDigest] = folder = Task.Run(() => UnpackNowAsync(image, token), token);
            }

            return folder;
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }

    private async Task<RootFolder> UnpackNowAsync(PullResult.Pulled image, CancellationToken token)
    {
        var folder = Path.Combine(_path, $"{image.ManifestDigest[7..19]}-{Guid.NewGuid():N}"[..24]);
        Directory.CreateDirectory(folder);
        var root = new RootFolder(folder);
        var unpacker = new LayerUnpacker(root);
        foreach (var layer in image.Layers)
        {
            await unpacker.UnpackAsync(layer, token);
        }

        return root;
    }
}
