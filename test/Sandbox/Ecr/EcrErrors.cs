using Sandbox.Wire;

namespace Sandbox.Ecr;

/// <summary>ECR's errors in ECR's words; where a text has no source it says what the model's documentation says.</summary>
internal static class EcrErrors
{
    public static string Constraint(string parameter, string rule) => $"Invalid parameter at '{parameter}' failed to satisfy constraint: '{rule}'";

    public static ApiException Invalid(string parameter, string rule) => new("InvalidParameterException", Constraint(parameter, rule));

    // ECR user guide, common errors.
    public static ApiException RepositoryNotFound(AccountRegistry registry, string name) =>
        new("RepositoryNotFoundException", $"The repository with name '{name}' does not exist in the registry with id '{registry.AccountId}'");

    public static ApiException RepositoryExists(AccountRegistry registry, string name) =>
        new("RepositoryAlreadyExistsException", $"The repository with name '{name}' already exists in the registry with id '{registry.AccountId}'");

    public static ApiException NotEmpty(Repository r) =>
        new("RepositoryNotEmptyException", $"The repository with name '{r.Name}' in registry with id '{r.Registry.AccountId}' cannot be deleted because it still contains images");

    public static ApiException NoPolicy(Repository r) => new("RepositoryPolicyNotFoundException", $"Repository policy does not exist for {Named(r)}");

    public static ApiException NoRegistryPolicy(AccountRegistry registry) =>
        new("RegistryPolicyNotFoundException", $"Registry policy does not exist in the registry with id '{registry.AccountId}'");

    public static ApiException NoLifecycle(Repository r) => new("LifecyclePolicyNotFoundException", $"Lifecycle policy does not exist for {Named(r)}");

    public static ApiException ImageNotFound(Repository r, ImageId id) =>
        new("ImageNotFoundException", $"The image with imageId {id} does not exist within {Named(r)}");

    public static ApiException ScanNotFound(Repository r, ImageId id) =>
        new("ScanNotFoundException", $"Image scan does not exist for the image with '{id}' in {Named(r)}");

    // ecr-buildkite-plugin#111: no "the" before registry.
    public static ApiException ImageExists(Repository r, string digest, string? tag) => new(
        "ImageAlreadyExistsException",
        $"Image with digest '{digest}' and tag '{tag ?? "null"}' already exists in the repository with name '{r.Name}' in registry with id '{r.Registry.AccountId}'");

    // buildkit#3776.
    public static ApiException TagExists(Repository r, string tag) => new(
        "ImageTagAlreadyExistsException",
        $"The image tag '{tag}' already exists in the '{r.Name}' repository and cannot be overwritten because the repository is immutable.");

    // ecs-conex#50.
    public static ApiException LayersMissing(Repository r, IEnumerable<string> digests) => new(
        "LayersNotFoundException",
        $"Layers with digests '[{string.Join(", ", digests)}]' required for pushing image into repository with name '{r.Name}' in the registry with id '{r.Registry.AccountId}' do not exist");

    // docker-manifest-create-action#63.
    public static ApiException ImagesMissing(Repository r, IEnumerable<string> digests) => new(
        "ReferencedImagesNotFoundException",
        $"Images with digests '[{string.Join(", ", digests)}]' required for pushing image into repository with name '{r.Name}' in the registry with id '{r.Registry.AccountId}' do not exist");

    // go-containerregistry#1568.
    public static ApiException DigestMismatch(Repository r, string digest) => new(
        "ImageDigestDoesNotMatchException",
        $"The image with digest '{digest}' in repository '{r.Name}' and registry ID '{r.Registry.AccountId}' does not match the image digest that Amazon ECR has calculated.");

    // cht-core#11099.
    public static ApiException TooManyTags(Repository r, string tag) => new(
        "LimitExceededException",
        $"Adding tag '{tag}' to an image in the repository with name '{r.Name}' in registry with id '{r.Registry.AccountId}' exceeds the maximum allowed number of tags per image which is '1000'");

    // aws-ecr-public#11.
    public static ApiException LayerMissing(Repository r, string digest) => new(
        "LayersNotFoundException",
        $"The layer with digest {digest} does not exist within {Named(r)}");

    public static ApiException LayerInaccessible(string digest) => new(
        "LayerInaccessibleException",
        $"The layer with digest {digest} is not available because it is not associated with an image. Unassociated image layers may be cleaned up at any time.");

    private static string Named(Repository r) => $"the repository with name '{r.Name}' in the registry with id '{r.Registry.AccountId}'";
}
