namespace Sandbox.Ecr;

/// <summary>Where ECR's documents and what people saw differ, or where a test wants another registry's manners; the defaults are ECR's.</summary>
public sealed class EcrHabits
{
    /// <summary>POST of an upload to a missing repository ends the connection: clients print "EOF" (aws-ecr-orb#259, sdk-container-builds#279); otherwise 404 NAME_UNKNOWN.</summary>
    public bool ClosesConnectionWhenRepositoryIsMissing { get; set; } = true;

    /// <summary>The same without ecr:InitiateLayerUpload (build-push-action#850); otherwise 403 DENIED, which was seen too (copilot-cli#3518).</summary>
    public bool ClosesConnectionWhenUploadIsDenied { get; set; }

    /// <summary>ECR answers 201 where the distribution spec says 202.</summary>
    public int PatchStatus { get; set; } = 201;

    /// <summary>The Range of a chunked upload stays at the end of the first chunk although all chunks are kept (containers-roadmap#2831).</summary>
    public bool RangeStaysAtFirstChunk { get; set; } = true;

    public LocationForm UploadLocation { get; set; } = LocationForm.Absolute;

    /// <summary>Scheme and host for <see cref="LocationForm.OtherHost"/>; there the address itself lets in, and an Authorization header beside it is refused.</summary>
    public Uri? UploadHost { get; set; }

    /// <summary>Where a registry that is none of Amazon's sends its clients for a bearer token; null for ECR's Basic.</summary>
    public Uri? TokenRealm { get; set; }

    /// <summary>Scheme and host of layer downloads; null means the request's own address under its other loopback name, as S3 is another host.</summary>
    public Uri? DownloadHost { get; set; }

    /// <summary>Leaves Docker-Content-Digest out, as some registries do.</summary>
    public bool OmitsDigestHeader { get; set; }

    /// <summary>False: 405 on the referrers API, as on older registries (oras#2783).</summary>
    public bool KnowsReferrers { get; set; } = true;

    /// <summary>PutImage of the same digest and tag on an immutable repository: ImageTagAlreadyExistsException instead of ImageAlreadyExistsException; both were reported (aws-sdk#750).</summary>
    public bool SameImageIsTagConflict { get; set; }

    /// <summary>After this an upload that was begun is not found.</summary>
    public TimeSpan UploadLifetime { get; set; } = TimeSpan.FromHours(24);

    public TimeSpan ScanDuration { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The largest page of every list; null means the documented sizes.</summary>
    public int? PageSize { get; set; }
}

/// <summary>How the Location of an upload is written; clients must take every form.</summary>
public enum LocationForm
{
    Absolute,
    Relative,
    AbsoluteWithQuery,
    OtherHost,
}
