using EcsDeploy.Aws;
using EcsDeploy.Names;

namespace EcsDeploy.Ecr;

/// <summary>ECR did not do what a push needs: says which repository is missing or which action is.</summary>
internal sealed class EcrException(string message, Exception? inner = null) : PipeException(message, inner)
{
    public override ExitCode ExitCode => IsRepositoryMissing ? ExitCode.Settings
        : IsDenied || InnerException is AwsException { IsOfCredentials: true } ? ExitCode.Access
        : ExitCode.Push;

    public bool IsRepositoryMissing { get; private init; }

    /// <summary>The identity may not do it; the message names the action.</summary>
    public bool IsDenied { get; private init; }

    /// <summary>The tag stands on another digest and may not be moved.</summary>
    public bool IsTagTaken { get; private init; }

    public static EcrException From(AwsException failure, EcrRepository repository) => failure.Code switch
    {
        "RepositoryNotFoundException" => Missing(repository, failure),
        "ImageTagAlreadyExistsException" => new EcrException(failure.Message, failure) { IsTagTaken = true },
        _ => new EcrException(failure.Message, failure) { IsDenied = failure.IsAccessDenied },
    };

    /// <summary>The registry may not be asked, by a guard of this run.</summary>
    public static EcrException Guarded(PipeException guard) => new(guard.Message, guard) { IsDenied = true };

    public static EcrException Missing(EcrRepository repository, Exception? inner = null) => new(
        $"The repository '{repository.Name}' does not exist in the registry of account {repository.Account} in {repository.Region}. "
        + "Correct ECR_REPOSITORY or, with ACTION deploy or push, set ECR_CREATE to true to have it created.",
        inner)
    {
        IsRepositoryMissing = true,
    };
}
