using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Sandbox.Wire;

namespace Sandbox.Ecr;

/// <summary>The scans of a repository's images: when they end, and with what a test or world said they end.</summary>
public sealed class ImageScans
{
    // API StartImageScan: once per image in 24 hours, the scan on push included.
    private static readonly TimeSpan Pause = TimeSpan.FromHours(24);

    private readonly Repository _repository;
    private readonly ConcurrentDictionary<string, ScanResult> _results = new(StringComparer.Ordinal);

    internal ImageScans(Repository repository) => _repository = repository;

    private DateTimeOffset Now => _repository.Registry.Owner.Clock.GetUtcNow();

    /// <summary>Says what the scan of a digest will find; without it, nothing is found.</summary>
    public void Plan(string digest, ScanResult result) => _results[digest] = result;

    /// <summary>IN_PROGRESS (basic) or PENDING (enhanced) until the scan's time is over.</summary>
    internal string StatusOf(StoredImage image)
    {
        var enhanced = _repository.Registry.ScansAreEnhanced;
        return Now < EndOf(image) ? enhanced ? "PENDING" : "IN_PROGRESS" : ResultOf(image).Status ?? (enhanced ? "ACTIVE" : "COMPLETE");
    }

    internal DateTimeOffset EndOf(StoredImage image) => image.ScanStartedAt.GetValueOrDefault() + _repository.Registry.Owner.Habits.ScanDuration;

    internal ScanResult ResultOf(StoredImage image) => _results.GetValueOrDefault(image.Digest) ?? ScanResult.Clean;

    internal void Start(StoredImage image, ImageId id)
    {
        if (_repository.Registry.ScansAreEnhanced)
        {
            throw new ApiException("ValidationException", "This feature is disabled");
        }

        if (image.Document.IsIndex)
        {
            // Inferred: the rule is documented, the words are ours.
            throw new ApiException("UnsupportedImageTypeException", $"The image with imageId {id} cannot be scanned: its media type is '{image.Document.MediaType}'");
        }

        if (image.ScanStartedAt is { } last && Now < last + Pause)
        {
            throw new ApiException("LimitExceededException", "The scan quota per image has been exceeded. Wait and try again.");
        }

        image.ScanStartedAt = Now;
    }
}

/// <summary>How a scan ends.</summary>
public sealed record ScanResult
{
    public static ScanResult Clean { get; } = new();

    /// <summary>FAILED, UNSUPPORTED_IMAGE, SCAN_ELIGIBILITY_EXPIRED …; null for COMPLETE (basic) or ACTIVE (enhanced).</summary>
    public string? Status { get; init; }

    public string? Description { get; init; }

    /// <summary>ImageScanFinding (basic) or EnhancedImageScanFinding members, in Amazon's names.</summary>
    public IReadOnlyList<JsonObject> Findings { get; init; } = [];
}
