namespace EcsDeploy.Ecs;

/// <summary>Which tool made a service, as far as its tags tell, and how that tool and the pipe live in peace.</summary>
/// <param name="Name">"CloudFormation stack shop".</param>
/// <param name="Advice">What that tool may undo of a rollout, and what to set.</param>
internal sealed record ServiceOwner(string Name, string Advice)
{
    /// <summary>Null when the tags say nothing.</summary>
    public static ServiceOwner? Of(ServiceState service)
    {
        var tags = TaskDefinition.ReadTags(service.Json);
        var family = TaskDefinition.ShortName(service.TaskDefinition).Split(':')[0];
        if (Value(tags, "aws:cloudformation:stack-name") is { } stack)
        {
            return new ServiceOwner(
                IsCdk(tags) ? $"CDK stack {stack}" : $"CloudFormation stack {stack}",
                $"a stack update that touches the service gives it the task definition of the template again. Let the template's service name the family {family} "
                + $"without a revision (CDK: taskDefinitionRevision LATEST), and set TASK_DEFINITION to family:{family} so that a rollout starts from what the stack registered");
        }

        return tags.Any(IsTerraform)
            ? new ServiceOwner(
                "Terraform",
                "an apply gives the service the task definition of its state again. Set lifecycle { ignore_changes = [task_definition] } on the aws_ecs_service, "
                + $"and TASK_DEFINITION to family:{family} so that a rollout starts from what Terraform registered last")
            : null;
    }

    /// <summary>CDK sets none on a service itself; its own constructs and teams' aspects do.</summary>
    private static bool IsCdk(IReadOnlyList<KeyValuePair<string, string>> tags) => tags.Any(tag =>
        tag.Key.StartsWith("aws-cdk:", StringComparison.Ordinal) || tag.Key.StartsWith("aws:cdk:", StringComparison.Ordinal)
        || (IsToolKey(tag.Key) && tag.Value.Contains("cdk", StringComparison.OrdinalIgnoreCase)));

    private static bool IsTerraform(KeyValuePair<string, string> tag) =>
        tag.Key.StartsWith("terraform", StringComparison.OrdinalIgnoreCase)
        || (IsToolKey(tag.Key) && tag.Value.Contains("terraform", StringComparison.OrdinalIgnoreCase));

    /// <summary>ManagedBy, managed-by, managed_by, CreatedBy, Provisioner, IaC: what teams call it. A name that has the word in it is no owner.</summary>
    private static bool IsToolKey(string key)
    {
        var plain = string.Concat(key.Where(char.IsAsciiLetter)).ToUpperInvariant();
        return plain is "MANAGEDBY" or "CREATEDBY" or "PROVISIONEDBY" or "PROVISIONER" or "DEPLOYEDBY" or "IAC" or "IACTOOL" or "TOOL" or "OWNER";
    }

    private static string? Value(IReadOnlyList<KeyValuePair<string, string>> tags, string key) =>
        tags.Where(tag => tag.Key == key).Select(tag => tag.Value).FirstOrDefault();
}
