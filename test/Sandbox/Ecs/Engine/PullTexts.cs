using Sandbox.Ecr;

namespace Sandbox.Ecs.Engine;

/// <summary>Why a task could not get its image or a secret, in the words collected in authorization.md §2.6.</summary>
public static class PullTexts
{
    public static string Failure(PullResult result, string launchType, string image, string platform) => result switch
    {
        PullResult.Denied { Action: "ecr:GetAuthorizationToken" } denied => NoToken(launchType, denied.Refusal),
        PullResult.Denied denied => launchType == "EC2" ? DeniedOnEc2(image, denied.Refusal) : DeniedOnFargate(image),
        PullResult.WrongPlatform => $"CannotPullContainerError: pull image manifest has been retried 7 time(s): image Manifest does not contain descriptor matching platform '{platform}'",
        _ when launchType == "EC2" => $"CannotPullContainerError: The task can’t pull the image. Check whether the image exists. Error response from daemon: manifest for {image} not found: manifest unknown: Requested image not found",
        _ => $"CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref {image}: not found",
    };

    public static string NoCredentials(string launchType, string image) => launchType == "EC2"
        ? $"CannotPullContainerError: The task can’t pull the image. Error response from daemon: Head \"https://{Host(image)}/v2/\": no basic auth credentials"
        : $"CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref {image}: pulling from host {Host(image)} failed with status code [manifests {Tag(image)}]: 401 Unauthorized";

    public static string Secret(string from, bool manager, string refusal) => manager
        ? $"ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret {from} from secrets manager: AccessDeniedException: {refusal}"
        : $"ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 1 time(s): AccessDeniedException: {refusal}";

    private static string NoToken(string launchType, string refusal) => launchType == "EC2"
        ? $"CannotPullECRContainerError: AccessDeniedException: {refusal}"
        : $"ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 1 time(s): AccessDeniedException: {refusal}";

    private static string DeniedOnEc2(string image, string refusal) =>
        "CannotPullContainerError: The task can’t pull the image. Check that the role has the permissions to pull images from the registry. Error response from daemon: "
        + $"pull access denied for {Repository(image)}, repository does not exist or may require 'docker login': denied: {refusal}";

    private static string DeniedOnFargate(string image)
    {
        var start = $"CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref {image}: ";
        return image.Contains('@', StringComparison.Ordinal)
            ? $"{start}unexpected status from HEAD request to https://{Host(image)}/v2/{Name(image)}/blobs/{Tag(image)}: 403 Forbidden"
            : $"{start}pulling from host {Host(image)} failed with status code [manifests {Tag(image)}]: 403 Forbidden";
    }

    private static string Host(string image) => image.Split('/')[0];

    private static string Repository(string image) => image.Contains('@', StringComparison.Ordinal) ? image.Split('@')[0] : image[..TagStart(image)];

    private static string Name(string image) => Repository(image)[(Host(image).Length + 1)..];

    private static string Tag(string image)
    {
        var rest = image[Repository(image).Length..];
        return rest.Length == 0 ? "latest" : rest[1..];
    }

    private static int TagStart(string image)
    {
        var colon = image.IndexOf(':', image.LastIndexOf('/') + 1);
        return colon < 0 ? image.Length : colon;
    }
}
