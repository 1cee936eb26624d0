using System.Text.Json.Nodes;
using EcsDeploy.Aws;

namespace EcsDeploy.Ecr;

/// <summary>The repository itself: whether it is there, and making it when that was asked for.</summary>
internal sealed class EcrRepositories(EcrCalls calls)
{
    /// <summary>True or false; null when the identity may not ask.</summary>
    public async Task<bool?> ExistsAsync(CancellationToken token)
    {
        var repository = calls.Repository;
        var input = new JsonObject
        {
            ["registryId"] = repository.Account.Text,
            ["repositoryNames"] = new JsonArray(repository.Name),
        };
        try
        {
            await calls.SendToRegionAsync("DescribeRepositories", input, token);
            return true;
        }
        catch (AwsException missing) when (missing.Code == "RepositoryNotFoundException")
        {
            return false;
        }
        catch (AwsException denied) when (denied.IsAccessDenied)
        {
            return null;
        }
    }

    /// <summary>Creates it with the account's defaults; one that someone else made meanwhile is as good.</summary>
    public async Task CreateAsync(CancellationToken token)
    {
        try
        {
            await calls.SendAsync("CreateRepository", [], token);
        }
        catch (EcrException taken) when (taken.InnerException is AwsException { Code: "RepositoryAlreadyExistsException" })
        {
            // It is there, which is what was wanted.
        }
    }
}
