using System.Collections.Concurrent;
using Sandbox.Ecr;
using Sandbox.Worlds;

namespace Sandbox.Registry;

/// <summary>The uploads that were begun and neither finished nor expired.</summary>
internal sealed class Uploads(Registries registries)
{
    private readonly ConcurrentDictionary<string, Upload> _all = new(StringComparer.Ordinal);

    public Upload Begin(Repository repository, Caller caller)
    {
        DropExpired();
        var upload = new Upload(Guid.NewGuid().ToString(), repository, registries.Blobs, registries.Clock.GetUtcNow() + registries.Habits.UploadLifetime) { Caller = caller };
        _all[upload.Id] = upload;
        return upload;
    }

    /// <summary>The upload of that id, which must belong to the repository.</summary>
    public Upload Get(string id, Repository repository) =>
        _all.TryGetValue(id, out var upload) && upload.Repository == repository && upload.Expires > registries.Clock.GetUtcNow()
            ? upload
            : throw RegistryErrors.UploadUnknown(id);

    public Upload? Find(string id) => _all.GetValueOrDefault(id);

    public void Drop(Upload upload)
    {
        if (_all.TryRemove(upload.Id, out _))
        {
            upload.Dispose();
        }
    }

    private void DropExpired()
    {
        var now = registries.Clock.GetUtcNow();
        foreach (var upload in _all.Values.Where(upload => upload.Expires <= now && upload.Turn.CurrentCount > 0))
        {
            Drop(upload);
        }
    }
}
