using System.Net;
using System.Text.RegularExpressions;
using EcsDeploy.Ecr;
using EcsDeploy.Registry;

namespace EcsDeploy.Delivery;

/// <summary>Says what a registry's refusal means on ECR: the repository is missing, or which action is.</summary>
internal sealed partial class PushDiagnosis(EcrClient ecr)
{
    private const string PushActions = "ecr:InitiateLayerUpload, ecr:UploadLayerPart, ecr:CompleteLayerUpload, ecr:BatchCheckLayerAvailability, "
        + "ecr:BatchGetImage and ecr:PutImage";

    /// <summary>The failure in its reader's words; the failure itself when there is nothing to add.</summary>
    public async Task<PipeException> ExplainAsync(RegistryException failure, CancellationToken token)
    {
        if (failure.Host != ecr.Repository.Host)
        {
            return failure;
        }

        // ECR closes the connection where others answer 403 or 404 (aws-ecr-orb#259, build-push-action#850).
        var cut = failure.WasCut && failure.Method == HttpMethod.Post;
        var isThere = cut ? await IsThereAsync(token) : null;
        if (isThere is false || failure.Says("NAME_UNKNOWN"))
        {
            return EcrException.Missing(ecr.Repository, failure);
        }

        if (cut)
        {
            var reason = isThere is true
                ? $"The repository {ecr.Repository.Address} is there, so most likely {ecr.Identity} may not ecr:InitiateLayerUpload:"
                : $"Most likely the repository {ecr.Repository.Address} does not exist (ECR could not be asked), or {ecr.Identity} may not ecr:InitiateLayerUpload: correct ECR_REPOSITORY, or";
            return new PushException($"{failure.Message} {reason} allow it {PushActions} on {ResourceOf()}.", failure);
        }

        if (failure.Status is not (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized))
        {
            return failure;
        }

        var match = RefusedAction().Match(failure.Message);
        return PushException.OfAccess(
            match.Success
                ? $"{failure.Message} Allow {match.Groups["action"].Value} on {ResourceOf()} to {ecr.Identity}; a push needs {PushActions}."
                : $"{failure.Message} A push needs {PushActions} on {ResourceOf()}, and ecr:GetAuthorizationToken on *.",
            failure);
    }

    /// <summary>Null when it cannot be known: what keeps us from asking must not hide what is explained.</summary>
    private async Task<bool?> IsThereAsync(CancellationToken token)
    {
        try
        {
            return await ecr.Repositories.ExistsAsync(token);
        }
        catch (PipeException)
        {
            return null;
        }
    }

    private string ResourceOf()
    {
        var partition = ecr.Repository.Region switch
        {
            var china when china.StartsWith("cn-", StringComparison.Ordinal) => "aws-cn",
            var government when government.StartsWith("us-gov-", StringComparison.Ordinal) => "aws-us-gov",
            _ => "aws",
        };
        return $"arn:{partition}:ecr:{ecr.Repository.Region}:{ecr.Repository.Account}:repository/{ecr.Repository.Name}";
    }

    // "User: … is not authorized to perform: ecr:InitiateLayerUpload on resource: …" (authorization reference §2.5)
    [GeneratedRegex("perform: (?<action>ecr:[A-Za-z]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex RefusedAction();
}
