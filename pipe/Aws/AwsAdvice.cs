using System.Text.RegularExpressions;

namespace EcsDeploy.Aws;

/// <summary>Words a failed call for its reader: what was asked, what came back, what to try.</summary>
internal static partial class AwsAdvice
{
    public static string Report(AwsFailure failure)
    {
        var call = failure.Call;
        var asked = $"{call.Service}:{call.Operation} in {call.Region} as {call.Identity}";
        return $"{asked} {Outcome(failure)} {AdviceFor(failure)}".TrimEnd();
    }

    /// <summary>What to try; empty where nothing general can be said.</summary>
    public static string AdviceFor(AwsFailure failure) => failure.Kind switch
    {
        AwsFailureKind.AccessDenied when failure.Call.StandIn.Length > 0 => $"{failure.Call.StandIn}: set it, unless that is meant. {Permission(failure)}",
        AwsFailureKind.AccessDenied => Permission(failure),
        AwsFailureKind.Throttled => "Other callers of this account share the limit: run the step again later.",
        AwsFailureKind.Expired => "The session ended before the work did: give the role a longer MaxSessionDuration, or run the step again.",
        AwsFailureKind.Unrecognized => "Check that the keys belong to this partition and are active, and that this machine's clock is right.",
        AwsFailureKind.ServerError or AwsFailureKind.AnswerLost => "Run the step again: it looks at what is there before it changes anything.",
        AwsFailureKind.NotReached => "Check the region, the network of this runner, and HTTPS_PROXY, NO_PROXY, CA_BUNDLE and AWS_ENDPOINT_URL if they are set.",
        _ => string.Empty,
    };

    private static string Outcome(AwsFailure failure)
    {
        var times = failure.Attempts > 1 ? $" ({failure.Attempts} attempts)" : string.Empty;
        var request = failure.RequestId.Length > 0 ? $", request id {failure.RequestId}" : string.Empty;
        var what = failure.Message.Length > 0 ? failure.Message.TrimEnd('.') : "no reason given";
        return failure.Kind switch
        {
            AwsFailureKind.NotReached => $"could not be sent{times}: {failure.Address} was not reached: {what}.",
            AwsFailureKind.AnswerLost => $"was sent, but its answer was lost{times}: {what}.",
            AwsFailureKind.Throttled => $"was throttled{times}: {what} ({failure.Code}, HTTP {failure.Status}{request}).",
            AwsFailureKind.ServerError => $"failed inside AWS{times}: {what} ({failure.Code}, HTTP {failure.Status}{request}).",
            _ => $"was refused: {what} ({failure.Code}, HTTP {failure.Status}{request}).",
        };
    }

    private static string Permission(AwsFailure failure)
    {
        var match = RefusedAction().Match(failure.Message);
        var action = match.Success ? match.Groups["action"].Value : $"{failure.Call.Service}:{failure.Call.Operation}";
        var resource = match.Groups["resource"] is { Success: true } named ? named.Value.TrimEnd('.') : "its resource";
        if (failure.Message.Contains("explicit deny", StringComparison.Ordinal))
        {
            return $"A policy denies {action} explicitly: no permission added elsewhere outweighs that.";
        }

        return failure.Message.Contains("resource-based policy", StringComparison.Ordinal)
            ? $"The policy of {resource} itself must allow {action} to this identity: it is in another account."
            : $"Allow {action} on {resource} in the policies of this identity.";
    }

    // "User: arn is not authorized to perform: ecs:UpdateService on resource: arn because no identity-based policy allows …" (authorization reference §2.3)
    [GeneratedRegex(@"perform: (?<action>[a-zA-Z0-9-]+:[a-zA-Z0-9]+)( on resource: (?<resource>\S+))?", RegexOptions.ExplicitCapture)]
    private static partial Regex RefusedAction();
}
