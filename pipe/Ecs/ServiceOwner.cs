namespace EcsDeploy.Ecs;

/// <summary>Which tool made a service, as far as its tags tell: that tool may undo what UpdateService does.</summary>
internal static class ServiceOwner
{
    /// <summary>"CloudFormation stack shop", "CDK stack shop", "Terraform"; null when the tags say nothing.</summary>
    public static string? Of(ServiceState service)
    {
        var tags = TaskDefinition.ReadTags(service.Json);
        var stack = Value(tags, "aws:cloudformation:stack-name");
        if (stack is not null)
        {
            return tags.Any(tag => tag.Key.StartsWith("aws-cdk:", StringComparison.Ordinal) || tag.Key.StartsWith("aws:cdk:", StringComparison.Ordinal))
                ? $"CDK stack {stack}"
                : $"CloudFormation stack {stack}";
        }

        return tags.Any(tag => tag.Value.Contains("terraform", StringComparison.OrdinalIgnoreCase) || tag.Key.Contains("terraform", StringComparison.OrdinalIgnoreCase))
            ? "Terraform"
            : null;
    }

    private static string? Value(IReadOnlyList<KeyValuePair<string, string>> tags, string key) =>
        tags.Where(tag => tag.Key == key).Select(tag => tag.Value).FirstOrDefault();
}
