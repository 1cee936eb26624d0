using EcsDeploy.Ecr;
using EcsDeploy.Names;
using Serilog;

namespace EcsDeploy.Deployment;

/// <summary>Finds out before anything is changed that a target account cannot pull from the repository; its tasks would fail one by one, minutes later.</summary>
internal sealed class PullCheck(EcrClient ecr, ILogger log)
{
    /// <exception cref="PullForbiddenException">It certainly cannot.</exception>
    public async Task CheckAsync(IReadOnlyList<ServicePlan> plans, CancellationToken token)
    {
        // A revision that runs as it is has its own images.
        var strangers = plans.Where(plan => !plan.TaskDefinition.AsItIs)
            .Select(plan => Arn.TryParse(plan.Service.ClusterArn, out var cluster) && AccountId.TryParse(cluster.Account, out var account) ? account : null)
            .OfType<AccountId>().Where(account => account != ecr.Repository.Account).Distinct().ToList();
        if (strangers.Count > 0 && await PolicyAsync(token) is { } policy)
        {
            foreach (var account in strangers)
            {
                await CheckAsync(account, policy, token);
            }
        }
    }

    private async Task CheckAsync(AccountId account, RepositoryPolicy policy, CancellationToken token)
    {
        if (policy.Denial(account) is { } denial)
        {
            throw new PullForbiddenException(
                $"The policy of the repository {ecr.Repository} forbids account {account} to pull ({denial}), so no task there could start. Nothing was changed. Take the account out of that statement.");
        }

        if (policy.MightAllow(account))
        {
            return;
        }

        var missing = $"The policy of the repository {ecr.Repository} does not allow account {account} to pull, so no task there could start.";
        var remedy = $"Add this statement to it:\n{RepositoryPolicy.StatementFor(account, AwsPartition.Of(ecr.Repository.Region))}";
        switch (await ecr.Repositories.FindRegistryPolicyAsync(token))
        {
            case null:
                log.Warning("{Missing} Only the policy of the whole registry could still allow it, and {Identity} could not read that (ecr:GetRegistryPolicy)", missing, ecr.Identity);
                break;
            case var whole when RepositoryPolicy.Parse(whole)?.MightAllow(account) is false:
                throw new PullForbiddenException($"{missing} Nothing was changed. {remedy}");
        }
    }

    /// <summary>Null when it cannot be read, and then the tasks will tell.</summary>
    private async Task<RepositoryPolicy?> PolicyAsync(CancellationToken token)
    {
        try
        {
            return RepositoryPolicy.Parse(await ecr.Repositories.ReadPolicyAsync(token));
        }
        catch (PipeException refused)
        {
            log.Debug("Whether the target account may pull could not be seen: {Reason}", refused.Message);
            return null;
        }
    }
}

/// <summary>The repository is closed to the account whose tasks are to pull from it.</summary>
internal sealed class PullForbiddenException(string message) : PipeException(message)
{
    public override ExitCode ExitCode => ExitCode.Access;
}
