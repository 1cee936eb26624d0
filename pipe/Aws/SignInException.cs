using EcsDeploy.Settings;

namespace EcsDeploy.Aws;

/// <summary>No session could be had, or it would act in an account that was not allowed.</summary>
internal sealed class SignInException(string message, Exception? inner = null) : PipeException(message, inner)
{
    public override ExitCode ExitCode => ExitCode.Access;

    public static SignInException NoWayIn(IdentitySettings settings) => new(
        settings.OidcRole is not null || settings.EcrRole is not null || settings.DeployRole is not null
            ? "A role is to be taken, but the step has no OIDC token and no keys were given. Add `oidc: true` to the step, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
            : "There is no way into AWS. Add `oidc: true` to the step and set AWS_OIDC_ROLE_ARN, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.");
}
