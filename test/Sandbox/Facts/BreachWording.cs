using Sandbox.Wire;

namespace Sandbox.Facts;

/// <summary>
/// The error that each service answers to an input that breaks its model. Sources: serverless/serverless#4850 and fluent-plugin-cloudwatch-logs#223 for
/// the common form, jenkins-x/jx#1344 and aws/aws-dotnet-deploy#549 for ECR's, amazon-ecs-deploy-task-definition#587 for wrong types.
/// </summary>
internal static class BreachWording
{
    public static ApiException Of(string service, string operation, IReadOnlyList<Breach> breaches)
    {
        // Types are looked at while the body is read, before any rule.
        if (breaches.Where(breach => breach.Rule == BreachKind.Type).ToArray() is { Length: > 0 } types)
        {
            return new ApiException("SerializationException", string.Join("; ", types.Select(WrongType).Distinct()));
        }

        return service switch
        {
            "ecr" => new ApiException("InvalidParameterException", string.Join("; ", breaches.Select(Ecr))),
            "ecs" => new ApiException(IsTaskDefinition(operation) ? "ClientException" : "InvalidParameterException", Common(breaches)),
            "sts" => new ApiException("ValidationError", Common([.. breaches.Select(LowerCased)])),
            _ => new ApiException("InvalidParameterException", Common(breaches)),
        };
    }

    /// <summary>The task definition calls answer with the broader of the two errors, all others with the narrower (ecs-deploy#145, drone-ecs#57).</summary>
    private static bool IsTaskDefinition(string operation) => operation.EndsWith("TaskDefinition", StringComparison.Ordinal);

    /// <summary>STS names its members RoleSessionName in requests and 'roleSessionName' in errors.</summary>
    private static Breach LowerCased(Breach breach) => breach with { Path = char.ToLowerInvariant(breach.Path[0]) + breach.Path[1..] };

    private static string Common(IReadOnlyList<Breach> breaches)
    {
        var count = breaches.Count == 1 ? "1 validation error" : $"{breaches.Count} validation errors";
        return $"{count} detected: {string.Join("; ", breaches.Select(Coral))}";
    }

    private static string Coral(Breach breach)
    {
        var value = breach.Value is null ? "null" : $"'{breach.Value}'";
        var rule = breach.Rule switch
        {
            BreachKind.Required => "not be null",
            BreachKind.Values => $"satisfy enum value set: [{breach.Constraint}]",
            BreachKind.Pattern => $"satisfy regular expression pattern: {breach.Constraint}",
            _ => Bound(breach),
        };
        return $"Value {value} at '{breach.AwsPath}' failed to satisfy constraint: Member must {rule}";
    }

    private static string Ecr(Breach breach)
    {
        var rule = breach.Rule switch
        {
            BreachKind.Required => "must not be null",
            BreachKind.Values => $"must satisfy enum value set: [{breach.Constraint}]",
            BreachKind.Pattern => $"must satisfy regular expression '{breach.Constraint}'",
            _ => $"must {Bound(breach)}",
        };
        return $"Invalid parameter at '{breach.AwsPath}' failed to satisfy constraint: '{rule}'";
    }

    private static string Bound(Breach breach) => breach.Rule switch
    {
        BreachKind.MinLength => $"have length greater than or equal to {breach.Constraint}",
        BreachKind.MaxLength => $"have length less than or equal to {breach.Constraint}",
        BreachKind.MinValue => $"have value greater than or equal to {breach.Constraint}",
        _ => $"have value less than or equal to {breach.Constraint}",
    };

    private static string WrongType(Breach breach) => breach.Value switch
    {
        "Object" => "Start of structure or map found where not expected.",
        "Array" => "Start of list found where not expected",
        _ => $"{breach.Value!.ToUpperInvariant()}_VALUE cannot be converted to {breach.Constraint}",
    };
}
