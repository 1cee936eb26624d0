using EcsDeploy.Ecs;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>The texts are those of authorization.md §2.6, from AWS's sources and public reports.</summary>
public sealed class StopCausesTests
{
    private const string Image = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop";

    [Theory]
    [InlineData("CannotPullContainerError: The task can’t pull the image. Check that the role has the permissions to pull images from the registry. Error response from daemon: pull access denied for " + Image + ", repository does not exist or may require 'docker login': denied: User: arn:aws:sts::222222222222:assumed-role/exec/1 is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:eu-west-1:111111111111:repository/shop because no resource-based policy allows the ecr:BatchGetImage action",
        "the repository's policy does not allow ecr:BatchGetImage: allow the target account ecr:BatchGetImage and ecr:GetDownloadUrlForLayer in the policy of arn:aws:ecr:eu-west-1:111111111111:repository/shop")]
    [InlineData("CannotPullContainerError: … denied: User: arn:aws:sts::222222222222:assumed-role/exec/1 is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:eu-west-1:111111111111:repository/shop because no identity-based policy allows the ecr:BatchGetImage action",
        "the task execution role may not ecr:BatchGetImage")]
    [InlineData("CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref " + Image + ":1: pulling from host 111111111111.dkr.ecr.eu-west-1.amazonaws.com failed with status code [manifests 1]: 403 Forbidden", "ECR refused the pull of " + Image + ":1 (403)")]
    [InlineData("CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref " + Image + "@sha256:ab: unexpected status from HEAD request to https://x/v2/shop/blobs/sha256:ab: 403 Forbidden", "ECR refused the pull of " + Image + "@sha256:ab (403)")]
    [InlineData("CannotPullECRContainerError: AccessDeniedException: User: u is not authorized to perform: ecr:GetAuthorizationToken on resource: * because no", "ecr:GetAuthorizationToken on *")]
    [InlineData("CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref " + Image + "@sha256:ab: not found", Image + "@sha256:ab is not in the registry")]
    [InlineData("CannotPullContainerError: The task can’t pull the image. Check whether the image exists. Error response from daemon: manifest for " + Image + ":1 not found: manifest unknown: Requested image not found", Image + ":1 is not in the registry")]
    [InlineData("CannotPullContainerError: pull image manifest has been retried 7 time(s): image Manifest does not contain descriptor matching platform 'linux/arm64'", "no variant for linux/arm64")]
    [InlineData("ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration. operation error ECR: GetAuthorizationToken, exceeded maximum number of attempts, 3, https response error StatusCode: 0, RequestID: , request send failed, Post \"https://api.ecr.eu-west-1.amazonaws.com/\": dial tcp 1.2.3.4:443: i/o timeout", "the task has no way to AWS")]
    [InlineData("ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed caused by: Post https://api.ecr/: dial tcp 1.2.3.4:443: i/o timeout", "the task has no way to AWS")]
    [InlineData("ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:eu-west-1:222222222222:secret:db-AbCdEf from secrets manager: AccessDeniedException: Access to KMS is not allowed", "a secret could not be read (arn:aws:secretsmanager:eu-west-1:222222222222:secret:db-AbCdEf)")]
    [InlineData("ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1", "the log group of the task definition does not exist")]
    [InlineData("service web failed to launch a task with (error ECS was unable to assume the role 'arn:aws:iam::222222222222:role/exec' that was provided for this task. Please verify", "ECS cannot assume the role arn:aws:iam::222222222222:role/exec")]
    [InlineData("OutOfMemoryError: Container killed due to memory usage", "the container ran out of memory")]
    [InlineData("Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:eu-west-1:222222222222:targetgroup/web/1)", "the load balancer finds the tasks unhealthy")]
    [InlineData("(service web) (port 8080) is unhealthy in (target-group arn:tg) due to (reason Health checks failed with these codes: [500]).", "(reason Health checks failed with these codes: [500])")]
    [InlineData("Task failed container health checks", "the container's health check fails")]
    [InlineData("was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance abc) has insufficient memory available.", "enough memory left")]
    [InlineData("CannotStartContainerError: Error response from daemon: exec /app/shop: exec format error", "for another processor")]
    [InlineData("CannotStartContainerError: OCI runtime create failed: exec: \"nope\": executable file not found in $PATH", "the container's command is not in the image")]
    [InlineData("Capacity is unavailable at this time. Please try again later or in a different availability zone", "AWS has no capacity")]
    public void A_known_text_is_explained(string text, string meaning) => Assert.Contains(meaning, StopCauses.Explain(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("Essential container in task exited")]
    [InlineData("Scaling activity initiated by (deployment ecs-svc/1)")]
    [InlineData("")]
    public void An_unknown_text_is_not_guessed_at(string text) => Assert.Null(StopCauses.Explain(text));
}
