using Sandbox.Ecr;

namespace Sandbox.Ecs.Apps;

/// <summary>Unpacked images, one folder for each digest, in a folder of their own that goes with the sandbox; beside them what apps take for /tmp.</summary>
public sealed class ImageFolders : IDisposable
{
    private readonly Dictionary<string, Task<RootFolder>> _folders = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    // Short: .NET opens a socket among an app's temporary files, and the system bounds its path at 107 bytes.
    private readonly Lazy<string> _path = new(() => Directory.CreateTempSubdirectory("apps-").FullName);

    /// <summary>For temporary files of all apps, which do not clean up when they are killed.</summary>
    public string Temporary => Directory.CreateDirectory(Path.Combine(_path.Value, "tmp")).FullName;

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
        if (_path.IsValueCreated)
        {
            Directory.Delete(_path.Value, recursive: true);
        }
    }

    private async Task<RootFolder> UnpackNowAsync(PullResult.Pulled image, CancellationToken token)
    {
        var folder = Path.Combine(_path.Value, $"{image.ManifestDigest[7..19]}-{Guid.NewGuid():N}"[..24]);
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
