using Sandbox.Wire;

namespace Sandbox.Facts;

/// <summary>
/// The error that each service answers to an input that breaks its model. Sources: serverless/serverless#4850 and fluent-plugin-cloudwatch-logs#223 for
/// the common form, jenkins-x/jx#1344 and aws/aws-dotnet-deploy#549 for ECR's, amazon-ecs-deploy-task-definition#587 for wrong types.
/// </summary>
internal static class FaultWording
{
    public static ApiException Of(string service, string operation, IReadOnlyList<Fault> faults)
    {
        // Types are looked at while the body is read, before any rule.
        if (faults.Where(fault => fault.Rule == FaultRule.Type).ToArray() is { Length: > 0 } types)
        {
            return new ApiException("SerializationException", string.Join("; ", types.Select(WrongType).Distinct()));
        }

        return service switch
        {
            "ecr" => new ApiException("InvalidParameterException", string.Join("; ", faults.Select(Ecr))),
            "ecs" => new ApiException(IsTaskDefinition(operation) ? "ClientException" : "InvalidParameterException", Common(faults)),
            "sts" => new ApiException("ValidationError", Common([.. faults.Select(LowerCased)])),
            _ => new ApiException("InvalidParameterException", Common(faults)),
        };
    }

    /// <summary>The task definition calls answer with the broader of the two errors, all others with the narrower (ecs-deploy#145, drone-ecs#57).</summary>
    private static bool IsTaskDefinition(string operation) => operation.EndsWith("TaskDefinition", StringComparison.Ordinal);

    /// <summary>STS names its members RoleSessionName in requests and 'roleSessionName' in errors.</summary>
    private static Fault LowerCased(Fault fault) => fault with { Path = char.ToLowerInvariant(fault.Path[0]) + fault.Path[1..] };

    private static string Common(IReadOnlyList<Fault> faults)
    {
        var count = faults.Count == 1 ? "1 validation error" : $"{faults.Count} validation errors";
        return $"{count} detected: {string.Join("; ", faults.Select(Coral))}";
    }

    private static string Coral(Fault fault)
    {
        var value = fault.Value is null ? "null" : $"'{fault.Value}'";
        var rule = fault.Rule switch
        {
            FaultRule.Required => "not be null",
            FaultRule.Values => $"satisfy enum value set: [{fault.Constraint}]",
            FaultRule.Pattern => $"satisfy regular expression pattern: {fault.Constraint}",
            _ => Bound(fault),
        };
        return $"Value {value} at '{fault.AwsPath}' failed to satisfy constraint: Member must {rule}";
    }

    private static string Ecr(Fault fault)
    {
        var rule = fault.Rule switch
        {
            FaultRule.Required => "must not be null",
            FaultRule.Values => $"must satisfy enum value set: [{fault.Constraint}]",
            FaultRule.Pattern => $"must satisfy regular expression '{fault.Constraint}'",
            _ => $"must {Bound(fault)}",
        };
        return $"Invalid parameter at '{fault.AwsPath}' failed to satisfy constraint: '{rule}'";
    }

    private static string Bound(Fault fault) => fault.Rule switch
    {
        FaultRule.MinLength => $"have length greater than or equal to {fault.Constraint}",
        FaultRule.MaxLength => $"have length less than or equal to {fault.Constraint}",
        FaultRule.MinValue => $"have value greater than or equal to {fault.Constraint}",
        _ => $"have value less than or equal to {fault.Constraint}",
    };

    private static string WrongType(Fault fault) => fault.Value switch
    {
        "Object" => "Start of structure or map found where not expected.",
        "Array" => "Start of list found where not expected",
        _ => $"{fault.Value!.ToUpperInvariant()}_VALUE cannot be converted to {fault.Constraint}",
    };
}
