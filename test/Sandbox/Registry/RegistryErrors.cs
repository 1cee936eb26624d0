using Microsoft.AspNetCore.Http;
using Sandbox.Wire;

namespace Sandbox.Registry;

/// <summary>The errors of <c>/v2/</c> that have no counterpart in the API, and the API's errors as <c>/v2/</c> words them.</summary>
internal static class RegistryErrors
{
    // 401 is no errors document (kube-image-keeper#172); an expired token is refused as DENIED (aws-cli#6580).
    public static RegistryException TokenExpired { get; } =
        new(StatusCodes.Status403Forbidden, "DENIED", "Your authorization token has expired. Reauthenticate and try again.");

    public static RegistryException ManifestUnknown { get; } = new(StatusCodes.Status404NotFound, "MANIFEST_UNKNOWN", "Requested image not found");

    public static RegistryException BlobUnknown { get; } = new(StatusCodes.Status404NotFound, "BLOB_UNKNOWN", "blob unknown to registry");

    public static RegistryException Unsupported { get; } = new(StatusCodes.Status405MethodNotAllowed, "UNSUPPORTED", "The operation is unsupported.");

    public static RegistryException UploadUnknown(string id) => new(
        StatusCodes.Status404NotFound, "BLOB_UPLOAD_UNKNOWN", $"The upload with id '{id}' could not be found, or it is not valid for this repository.");

    // apple/containerization#790.
    public static RegistryException WrongFirstByte(long got, long expected) => new(
        StatusCodes.Status416RangeNotSatisfiable, "BLOB_UPLOAD_INVALID", $"First byte of the layer part is {got} instead of {expected}");

    // API LayerPartTooSmallException.
    public static RegistryException PartTooSmall { get; } =
        new(StatusCodes.Status400BadRequest, "BLOB_UPLOAD_INVALID", "Layer parts must be at least 5 MiB in size.");

    // API EmptyUploadException.
    public static RegistryException EmptyUpload { get; } =
        new(StatusCodes.Status400BadRequest, "BLOB_UPLOAD_INVALID", "The specified layer upload does not contain any layer parts.");

    public static RegistryException LengthMismatch { get; } =
        new(StatusCodes.Status400BadRequest, "SIZE_INVALID", "The number of bytes received does not match the Content-Range of the request.");

    public static RegistryException BadRange { get; } =
        new(StatusCodes.Status400BadRequest, "BLOB_UPLOAD_INVALID", "Content-Range must be '<first byte>-<last byte>'.");

    public static RegistryException BadDigest(string? digest) =>
        new(StatusCodes.Status400BadRequest, "DIGEST_INVALID", $"'{digest}' is not a digest: sha256 and 64 hexadecimal digits.");

    // API InvalidLayerException.
    public static RegistryException LayerMismatch { get; } = new(
        StatusCodes.Status400BadRequest,
        "DIGEST_INVALID",
        "The layer digest calculation performed by Amazon ECR upon receipt of the image layer does not match the digest specified.");

    public static RegistryException From(ApiException error) => error.Code switch
    {
        "AccessDeniedException" => new(StatusCodes.Status403Forbidden, "DENIED", error.Message),
        "LimitExceededException" => new(StatusCodes.Status403Forbidden, "DENIED", error.Message),
        "RepositoryNotFoundException" => new(StatusCodes.Status404NotFound, "NAME_UNKNOWN", error.Message),
        "LayersNotFoundException" => new(StatusCodes.Status404NotFound, "BLOB_UPLOAD_UNKNOWN", error.Message),
        "ReferencedImagesNotFoundException" => new(StatusCodes.Status400BadRequest, "MANIFEST_BLOB_UNKNOWN", error.Message),
        "ImageTagAlreadyExistsException" => new(StatusCodes.Status400BadRequest, "TAG_INVALID", error.Message),
        "ImageDigestDoesNotMatchException" => new(StatusCodes.Status400BadRequest, "MANIFEST_INVALID", error.Message),

        // go-containerregistry#681, apko#450.
        "InvalidParameterException" => new(StatusCodes.Status405MethodNotAllowed, "UNSUPPORTED", error.Message),
        _ => new(error.Status, "UNKNOWN", error.Message),
    };
}
