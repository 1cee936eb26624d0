using System.Text.Json.Nodes;

namespace EcsDeploy.Ecs;

/// <summary>A line of a service's deployment history.</summary>
internal sealed class ServiceDeploymentBrief(JsonObject json)
{
    public string Arn => json.Text("serviceDeploymentArn") ?? "";

    public string Status => json.Text("status") ?? "";

    public string? TargetRevision => json.Text("targetServiceRevisionArn");

    public string? StatusReason => json.Said("statusReason");

    public DateTimeOffset? CreatedAt => json.Moment("createdAt");

    public DateTimeOffset? FinishedAt => json.Moment("finishedAt");

    public bool IsOver => Status is "SUCCESSFUL" or "STOPPED" or "ROLLBACK_SUCCESSFUL" or "ROLLBACK_FAILED";
}

/// <summary>What a deployment brings: a task definition with its images resolved to digests.</summary>
internal sealed class ServiceRevision(JsonObject json)
{
    public string Arn => json.Text("serviceRevisionArn") ?? "";

    public string TaskDefinition => json.Text("taskDefinition") ?? "";

    public DateTimeOffset? CreatedAt => json.Moment("createdAt");

    public IReadOnlyList<(string Container, string? Image, string? Digest)> Images =>
        [.. json.Members("containerImages").Select(item => (item.Text("containerName") ?? "", item.Text("image"), item.Text("imageDigest")))];
}
