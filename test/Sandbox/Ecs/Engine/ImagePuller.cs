using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sandbox.Authorization;
using Sandbox.Ecr;
using Sandbox.Ecs.State;
using Sandbox.Worlds;

namespace Sandbox.Ecs.Engine;

/// <summary>Gets a container's image and secrets as ECS does, as the execution role or the machine's role (authorization.md §3), and words its failures (§2.6).</summary>
public sealed partial class ImagePuller(IImagePull images, IAuthorizer authorizer, IContainerLogs logs)
{
    /// <summary>Null when all went well; otherwise the task's stoppedReason.</summary>
    public string? Pull(EcsTask task, EcsContainer container, out PullResult.Pulled? pulled)
    {
        pulled = null;
        var reference = Reference(task, container);
        var puller = Puller(task);
        if ((SecretFailure(container, puller) ?? logs.Open(task, container, puller)) is { } failure)
        {
            return failure;
        }

        if (!EcrImage().IsMatch(reference))
        {
            container.ImageDigest = reference.Contains('@', StringComparison.Ordinal) ? reference[(reference.IndexOf('@', StringComparison.Ordinal) + 1)..] : Invented(reference);
            return null;
        }

        if (puller is null)
        {
            return PullTexts.NoCredentials(task.LaunchType, reference);
        }

        var result = images.Pull(reference, puller, task.Instance?.Platform ?? task.Definition.Platform);
        if (result is not PullResult.Pulled found)
        {
            return PullTexts.Failure(result, task.LaunchType, reference, task.Definition.Platform);
        }

        pulled = found;
        container.ImageDigest = found.Digest;
        if (Consistent(container))
        {
            task.Deployment?.Digests.TryAdd(container.Name, found.Digest);
        }

        return null;
    }

    /// <summary>The execution role that ECS cannot assume; null when there is none or all is well.</summary>
    public string? Unassumable(TaskDefinition definition) =>
        definition.ExecutionRole is { } role && authorizer.SessionOf(role, "ecs") is null ? role : null;

    private Caller? Puller(EcsTask task)
    {
        var role = (string?)task.Overrides["executionRoleArn"] ?? task.Definition.ExecutionRole ?? task.Instance?.RoleArn;
        return role is null ? null : authorizer.SessionOf(role, task.Id);
    }

    /// <summary>The tag, or the digest that this service deployment resolved it to.</summary>
    private static string Reference(EcsTask task, EcsContainer container)
    {
        if (task.Deployment?.Digests.TryGetValue(container.Name, out var digest) != true || !Consistent(container))
        {
            return container.Image;
        }

        var name = container.Image.Split('@')[0];
        var slash = name.LastIndexOf('/');
        var colon = name.IndexOf(':', slash + 1);
        return $"{(colon < 0 ? name : name[..colon])}@{digest}";
    }

    private static bool Consistent(EcsContainer container) => (string?)container.Definition["versionConsistency"] != "disabled";

    private string? SecretFailure(EcsContainer container, Caller? puller)
    {
        foreach (var secret in (container.Definition["secrets"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var from = (string?)secret["valueFrom"] ?? "";
            if (!from.StartsWith("arn:", StringComparison.Ordinal) || puller is null)
            {
                continue;
            }

            var manager = from.Contains(":secretsmanager:", StringComparison.Ordinal);
            var arn = manager ? string.Join(':', from.Split(':').Take(7)) : from;
            var refusal = authorizer.Refusal(new AccessRequest
            {
                Caller = puller,
                Action = manager ? "secretsmanager:GetSecretValue" : "ssm:GetParameters",
                Resource = arn,
                ResourceAccount = EcsNames.AccountOf(arn),
            });
            if (refusal is not null)
            {
                return PullTexts.Secret(from, manager, refusal);
            }
        }

        return null;
    }

    private static string Invented(string reference) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(reference)))}";

    /// <summary>ECR's host names, and the loopback addresses that stand for the accounts' registries.</summary>
    [GeneratedRegex(@"^([0-9]{12}\.dkr[.-]ecr[.-]|(127\.0\.0\.[0-9]+|localhost)(:[0-9]+)?/)")]
    private static partial Regex EcrImage();
}
