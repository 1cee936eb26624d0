using System.Text.Json.Nodes;

namespace Sandbox.Ecr;

/// <summary>A repository: its settings, its images and the layers that were pushed to it. Every method is atomic; the lock is held for look-ups only.</summary>
public sealed class Repository
{
    private const int MaximumTagsPerImage = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, StoredImage> _images = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredImage> _tags = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredLayer> _layers = new(StringComparer.Ordinal);

    internal Repository(AccountRegistry registry, string name, RepositorySettings settings)
    {
        (Registry, Name, Settings) = (registry, name, settings);
        CreatedAt = registry.Owner.Clock.GetUtcNow();
        Scans = new ImageScans(this);
    }

    public string Name { get; }

    public string Arn => Registry.ArnOf(Name);

    public string Address => $"{Registry.Host}/{Name}";

    public RepositorySettings Settings { get; private set; }

    public ImageScans Scans { get; }

    internal AccountRegistry Registry { get; }

    internal DateTimeOffset CreatedAt { get; }

    /// <summary>In the order of their digests, so that no client can read an age out of the order.</summary>
    public IReadOnlyList<StoredImage> Images
    {
        get
        {
            lock (_gate)
            {
                return [.. _images.Values.OrderBy(image => image.Digest, StringComparer.Ordinal)];
            }
        }
    }

    public void Change(Func<RepositorySettings, RepositorySettings> change)
    {
        lock (_gate)
        {
            Settings = change(Settings);
        }
    }

    /// <summary>By tag or by digest; null when there is none.</summary>
    public StoredImage? Find(string reference)
    {
        lock (_gate)
        {
            return (reference.Contains(':', StringComparison.Ordinal) ? _images : _tags).GetValueOrDefault(reference);
        }
    }

    internal StoredLayer? FindLayer(string digest)
    {
        lock (_gate)
        {
            return _layers.GetValueOrDefault(digest);
        }
    }

    /// <summary>The content is in the blob store; from now on this repository has it.</summary>
    internal void AddLayer(string digest, long size)
    {
        lock (_gate)
        {
            _layers.TryAdd(digest, new StoredLayer(size));
        }
    }

    /// <summary>Stores a manifest and, when a tag is given, moves the tag to it.</summary>
    /// <returns>False when image and tag stood exactly so before.</returns>
    internal bool Put(ManifestDocument document, string? tag)
    {
        lock (_gate)
        {
            var image = _images.GetValueOrDefault(document.Digest);
            var tagged = tag is null ? image : _tags.GetValueOrDefault(tag);
            if (tag is not null && tagged is not null && !Settings.Mutability.Allows(tag))
            {
                // Refused for the same digest too (containers-roadmap#2380); PutImage's own answer to that case is decided by its caller.
                throw tagged == image && !Registry.Owner.Habits.SameImageIsTagConflict
                    ? EcrErrors.ImageExists(this, document.Digest, tag)
                    : EcrErrors.TagExists(this, tag);
            }

            DemandParts(document);
            if (image is not null && tagged == image)
            {
                return false;
            }

            image ??= Add(document);
            if (tag is not null)
            {
                MoveTag(tag, image);
            }

            return true;
        }
    }

    /// <summary>Takes a tag off; the image goes with its last tag (API BatchDeleteImage).</summary>
    internal void RemoveTag(string tag)
    {
        lock (_gate)
        {
            if (_tags.Remove(tag, out var image) && (image.Tags = image.Tags.Remove(tag)).IsEmpty)
            {
                _images.Remove(image.Digest);
            }
        }
    }

    /// <summary>Removes an image with all its tags.</summary>
    public void Remove(StoredImage image)
    {
        lock (_gate)
        {
            _images.Remove(image.Digest);
            foreach (var tag in image.Tags)
            {
                _tags.Remove(tag);
            }
        }
    }

    internal JsonObject Describe()
    {
        var images = new JsonObject();
        foreach (var image in Images)
        {
            images[image.Digest] = new JsonArray([.. image.Tags.Select(tag => (JsonNode)tag)]);
        }

        return new JsonObject { ["mutability"] = Settings.Mutability.Mode, ["policy"] = Settings.Policy, ["images"] = images };
    }

    private void DemandParts(ManifestDocument document)
    {
        var missing = document.Blobs.Where(b => !b.IsForeign && !_layers.ContainsKey(b.Digest)).Select(b => b.Digest).Distinct().ToList();
        if (missing.Count > 0)
        {
            throw EcrErrors.LayersMissing(this, missing);
        }

        var children = document.Children.Where(c => !_images.ContainsKey(c.Digest)).Select(c => c.Digest).Distinct().ToList();
        if (children.Count > 0)
        {
            throw EcrErrors.ImagesMissing(this, children);
        }
    }

    private StoredImage Add(ManifestDocument document)
    {
        var now = Registry.Owner.Clock.GetUtcNow();
        var image = new StoredImage(document, now);
        _images[document.Digest] = image;
        foreach (var blob in document.Blobs.Where(b => !b.IsForeign))
        {
            _layers[blob.Digest].IsReferenced = true;
        }

        if (Registry.ScansAreEnhanced || Settings.ScansOnPush)
        {
            image.ScanStartedAt = document.IsIndex ? null : now;
        }

        return image;
    }

    private void MoveTag(string tag, StoredImage image)
    {
        if (image.Tags.Count >= MaximumTagsPerImage)
        {
            throw EcrErrors.TooManyTags(this, tag);
        }

        if (_tags.Remove(tag, out var former))
        {
            former.Tags = former.Tags.Remove(tag);
        }

        _tags[tag] = image;
        image.Tags = image.Tags.Add(tag);
    }
}

/// <summary>A layer or configuration that a repository holds.</summary>
internal sealed class StoredLayer(long size)
{
    public long Size { get; } = size;

    /// <summary>True once a manifest of the repository named it; before that it can be neither downloaded nor mounted.</summary>
    public bool IsReferenced { get; set; }
}
