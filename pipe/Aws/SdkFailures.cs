using System.Globalization;
using System.Text.Json;
using Amazon.Runtime;
using EcsDeploy.Logging;

namespace EcsDeploy.Aws;

/// <summary>Reads what the SDK's runtime throws into a failure of ours.</summary>
internal static class SdkFailures
{
    private const int LongestMessage = 1000;

    public static bool IsKnown(Exception exception) =>
        exception is AmazonClientException or AmazonServiceException or HttpRequestException or IOException or JsonException or InvalidDataException or OperationCanceledException;

    public static AwsFailure Read(Exception exception, AwsCall call) => exception switch
    {
        AmazonServiceException { StatusCode: > 0 } answered when exception is not AmazonUnmarshallingException => Answered(answered, call),
        _ => Unanswered(exception, call),
    };

    private static AwsFailure Answered(AmazonServiceException answer, AwsCall call)
    {
        var status = (int)answer.StatusCode;
        var code = PlainText.Line(answer.ErrorCode, 100);
        return new AwsFailure
        {
            Call = call,
            Kind = AwsFailureKinds.Of(code, status),
            Code = code.Length > 0 ? code : "no error code",
            Message = PlainText.Line(answer.Message, LongestMessage),
            Status = status,
            RequestId = PlainText.Line(answer.RequestId, 100),
            RetryAfter = SecondsOf((answer as SdkErrorAnswer)?.RetryAfter),
        };
    }

    private static AwsFailure Unanswered(Exception exception, AwsCall call)
    {
        var network = Causes(exception).OfType<HttpRequestException>().FirstOrDefault();
        var sent = network?.HttpRequestError is not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError);
        var innermost = Causes(exception).Last();
        return new AwsFailure
        {
            Call = call,
            Kind = sent ? AwsFailureKind.AnswerLost : AwsFailureKind.NotReached,
            Message = PlainText.Line(exception is OperationCanceledException ? "no answer within a minute" : innermost.Message, LongestMessage),
        };
    }

    // ECR and ECS send seconds where they send the header at all.
    private static TimeSpan? SecondsOf(string? retryAfter) =>
        double.TryParse(retryAfter, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 86400
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }
}
