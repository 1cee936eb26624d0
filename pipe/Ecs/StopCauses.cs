using System.Text.RegularExpressions;

namespace EcsDeploy.Ecs;

/// <summary>What ECS's stopped reasons and events usually mean, and what to do: patterns from the texts collected in AWS's sources and in public reports.</summary>
internal static partial class StopCauses
{
    private const string PullActions = "ecr:BatchGetImage and ecr:GetDownloadUrlForLayer";

    /// <summary>The first that matches holds: the more telling ones stand first.</summary>
    private static readonly IReadOnlyList<(Regex Pattern, Func<Match, string, string> Meaning)> All =
    [
        (DeniedToken(), (_, _) => "the task execution role may not get a registry token: allow it ecr:GetAuthorizationToken on *"),
        (DeniedByRepository(), (match, _) => $"the repository's policy does not allow {Group(match, "action")}: allow the target account {PullActions} in the policy of {Group(match, "resource")}"),
        (DeniedByIdentity(), (match, _) => $"the task execution role may not {Group(match, "action")}: allow it {Group(match, "action")} on {Group(match, "resource")}"),
        (PullForbidden(), (_, text) => $"ECR refused the pull of {Image(text)} (403): either the repository's policy does not allow the target account {PullActions}, or the task execution role lacks them"),
        (PullUnauthorized(), (_, text) => $"ECR refused the pull of {Image(text)}: the task has no execution role that may get a registry token (ecr:GetAuthorizationToken)"),
        (WrongPlatform(), (match, _) => $"the image has no variant for {Group(match, "platform")}: set PLATFORMS to it, or runtimePlatform in the task definition to what the image is"),
        (ExecFormat(), (_, _) => "the image is for another processor than the task's (exec format error): make PLATFORMS and runtimePlatform agree"),
        (ImageMissing(), (_, text) => $"{Image(text)} is not in the registry: was it deleted, or expired by a lifecycle policy?"),
        (LogGroupMissing(), (_, _) => "the log group of the task definition does not exist: create it, or set the log option awslogs-create-group"),
        (SecretFailed(), (match, _) => $"a secret could not be read ({Group(match, "secret")}): it must exist in the target account's region, and the task execution role needs secretsmanager:GetSecretValue or ssm:GetParameters, and kms:Decrypt where it has a key of its own"),
        (NoNetwork(), (_, _) => "the task has no way to AWS: its subnets need a route out (NAT, or a public IP) or VPC endpoints (ecr.api, ecr.dkr, s3, logs, secretsmanager), and its security group must allow 443 outwards"),
        (RoleNotAssumed(), (match, _) => $"ECS cannot assume the role {Group(match, "role")}: it must exist and trust ecs-tasks.amazonaws.com"),
        (OutOfMemory(), (_, _) => "the container ran out of memory: raise its memory limit, or bound the app's use"),
        (ExecutableMissing(), (_, _) => "the container's command is not in the image: check command and entry point"),
        (CannotStart(), (match, _) => $"the container could not be started: {Group(match, "why")}"),
        (TargetUnhealthy(), (match, _) => $"the load balancer finds the tasks unhealthy ({Group(match, "why")}): check the health check's path, port and codes, the security groups, and healthCheckGracePeriodSeconds for a slow start"),
        (HealthCheckFailed(), (_, _) => "the container's health check fails: does its command exist in the image, and is startPeriod long enough?"),
        (NoInstances(), (_, _) => "the cluster has no container instances that could take the task"),
        (NoRoom(), (match, _) => $"no container instance has enough {Group(match, "what")} left for the task"),
        (NoCapacity(), (_, _) => "AWS has no capacity for the task at the moment: try again, or allow more subnets or capacity providers"),
        (Limit(), (_, _) => "the account's limit for running tasks or vCPUs is reached: have it raised, or stop something"),
        (NoAddress(), (_, _) => "the subnets have no free address left"),
        (Volume(), (_, _) => "a volume could not be mounted: check the file system, its mount targets and the security groups"),
        (Stuck(), (_, _) => "minimumHealthyPercent and maximumPercent leave no room to start or stop a task: change one of them"),
    ];

    /// <summary>What it means in a sentence without capital and full stop; null when the text is none of the known ones.</summary>
    public static string? Explain(string text)
    {
        foreach (var (pattern, meaning) in All)
        {
            if (pattern.Match(text) is { Success: true } match)
            {
                return meaning(match, text);
            }
        }

        return null;
    }

    private static string Group(Match match, string name) => match.Groups[name] is { Success: true, Value: var value } ? value.TrimEnd('.', ':', ',') : "it";

    private static string Image(string text) => ImageName().Match(text) is { Success: true } match ? match.Groups["image"].Value : "the image";

    [GeneratedRegex(@"(resolve ref|manifest for|access denied for) (?<image>\S+?)[:,]?(\s|$)", RegexOptions.ExplicitCapture)]
    private static partial Regex ImageName();

    [GeneratedRegex("not authorized to perform: ecr:GetAuthorizationToken")]
    private static partial Regex DeniedToken();

    [GeneratedRegex(@"not authorized to perform: (?<action>ecr:\w+) on resource: (?<resource>\S+) because no resource-based policy")]
    private static partial Regex DeniedByRepository();

    [GeneratedRegex(@"not authorized to perform: (?<action>\w+:\w+) on resource: (?<resource>\S+)")]
    private static partial Regex DeniedByIdentity();

    [GeneratedRegex("CannotPull.*403 Forbidden|pull access denied for")]
    private static partial Regex PullForbidden();

    [GeneratedRegex("CannotPull.*(401 Unauthorized|no basic auth credentials)", RegexOptions.ExplicitCapture)]
    private static partial Regex PullUnauthorized();

    [GeneratedRegex(@"does not contain descriptor matching platform '(?<platform>[^']+)'")]
    private static partial Regex WrongPlatform();

    [GeneratedRegex("exec format error", RegexOptions.IgnoreCase)]
    private static partial Regex ExecFormat();

    [GeneratedRegex("CannotPull.*(: not found|manifest unknown|Check whether the image exists)", RegexOptions.ExplicitCapture)]
    private static partial Regex ImageMissing();

    [GeneratedRegex("specified log group does not exist", RegexOptions.IgnoreCase)]
    private static partial Regex LogGroupMissing();

    [GeneratedRegex(@"failed to fetch secret (?<secret>\S+)|unable to retrieve secrets from (?<secret>\w+)|unable to retrieve secret from (?<secret>\w+)(?!.*failed to fetch secret)", RegexOptions.IgnoreCase)]
    private static partial Regex SecretFailed();

    [GeneratedRegex("i/o timeout|connection issue between the task|request canceled while waiting for connection|no such host|network is unreachable|RequestError: send request failed", RegexOptions.IgnoreCase)]
    private static partial Regex NoNetwork();

    [GeneratedRegex("unable to assume the role '(?<role>[^']+)'")]
    private static partial Regex RoleNotAssumed();

    [GeneratedRegex("OutOfMemory|killed due to memory usage", RegexOptions.IgnoreCase)]
    private static partial Regex OutOfMemory();

    [GeneratedRegex("executable file not found|exec: .*no such file or directory", RegexOptions.IgnoreCase)]
    private static partial Regex ExecutableMissing();

    [GeneratedRegex("CannotStartContainerError: (?<why>.{1,300})|CannotCreateContainerError: (?<why>.{1,300})")]
    private static partial Regex CannotStart();

    [GeneratedRegex(@"(failed ELB health checks in \((?<why>target-group [^)]*\)?[^)]*)\)|unhealthy in \(?target-group .*? due to \(?(?<why>[^)]*)|(?<why>failed ELB health checks))", RegexOptions.IgnoreCase)]
    private static partial Regex TargetUnhealthy();

    [GeneratedRegex("failed container health checks", RegexOptions.IgnoreCase)]
    private static partial Regex HealthCheckFailed();

    [GeneratedRegex("No Container Instances were found", RegexOptions.IgnoreCase)]
    private static partial Regex NoInstances();

    [GeneratedRegex(@"has insufficient (?<what>[\w ]+) available|RESOURCE:(?<what>\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex NoRoom();

    [GeneratedRegex("Capacity is unavailable|insufficient capacity", RegexOptions.IgnoreCase)]
    private static partial Regex NoCapacity();

    [GeneratedRegex("limit on the number of|vCPUs|concurrent tasks", RegexOptions.IgnoreCase)]
    private static partial Regex Limit();

    [GeneratedRegex("free addresses|InsufficientFreeAddresses", RegexOptions.IgnoreCase)]
    private static partial Regex NoAddress();

    [GeneratedRegex("failed to invoke EFS utils|CannotCreateVolumeError|volume attach", RegexOptions.IgnoreCase)]
    private static partial Regex Volume();

    [GeneratedRegex("unable to stop or start tasks during a deployment", RegexOptions.IgnoreCase)]
    private static partial Regex Stuck();
}
