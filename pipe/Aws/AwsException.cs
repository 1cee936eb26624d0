namespace EcsDeploy.Aws;

/// <summary>A call of AWS that did not do what was asked; says of whom it was asked as whom, what came back and what to try.</summary>
internal sealed class AwsException : PipeException
{
    private AwsException(string message, AwsFailure failure, Exception? inner)
        : base(message, inner) => Failure = failure;

    public override ExitCode ExitCode => ExitCode.Access;

    /// <summary>The signing name: <c>ecs</c>.</summary>
    public string Service => Failure.Call.Service;

    public string Operation => Failure.Call.Operation;

    /// <summary>AWS's name for the error (<c>ClusterNotFoundException</c>); empty when no answer came.</summary>
    public string Code => Failure.Code;

    /// <summary>AWS's sentence on one line, bounded.</summary>
    public string AwsMessage => Failure.Message;

    /// <summary>The HTTP status; 0 when no answer came.</summary>
    public int Status => Failure.Status;

    /// <summary>Empty when no answer came.</summary>
    public string RequestId => Failure.RequestId;

    /// <summary>Another try later may succeed.</summary>
    public bool IsTransient => Failure.Kind is AwsFailureKind.Throttled or AwsFailureKind.ServerError or AwsFailureKind.NotReached or AwsFailureKind.AnswerLost;

    public bool IsAccessDenied => Failure.Kind == AwsFailureKind.AccessDenied;

    /// <summary>The session is over, or AWS does not know its keys.</summary>
    public bool IsOfCredentials => Failure.Kind is AwsFailureKind.Expired or AwsFailureKind.Unrecognized;

    /// <summary>Nobody knows whether AWS acted: read before repeating.</summary>
    public bool AnswerLost => Failure.Kind is AwsFailureKind.ServerError or AwsFailureKind.AnswerLost;

    internal AwsFailure Failure { get; }

    public static AwsException From(AwsFailure failure, Exception? inner) => new(AwsAdvice.Report(failure), failure, inner);
}
