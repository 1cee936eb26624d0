using System.IO.Enumeration;
using System.Text.Json.Nodes;
using EcsDeploy.Aws;
using EcsDeploy.Names;
using EcsDeploy.Oci;

namespace EcsDeploy.Ecr;

/// <summary>The repository itself: whether it is there, and making it when that was asked for.</summary>
internal sealed class EcrRepositories(EcrCalls calls)
{
    /// <summary>True or false; null when the identity may not ask.</summary>
    public async Task<bool?> ExistsAsync(CancellationToken token)
    {
        try
        {
            await DescribeAsync(token);
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

    /// <summary>Which tags may not leave the image that they stand on; null when the identity may not ask.</summary>
    public async Task<Func<string, bool>?> FindFixedTagsAsync(CancellationToken token)
    {
        JsonObject? repository;
        try
        {
            repository = (await DescribeAsync(token))["repositories"]?[0] as JsonObject;
        }
        catch (AwsException denied) when (denied.IsAccessDenied)
        {
            return null;
        }

        var excluded = (repository?["imageTagMutabilityExclusionFilters"] as JsonArray ?? []).OfType<JsonObject>().Select(filter => filter.Text("filter") ?? "").ToList();
        return repository?.Text("imageTagMutability") switch
        {
            "IMMUTABLE" => _ => true,
            "IMMUTABLE_WITH_EXCLUSION" => tag => !excluded.Exists(filter => FileSystemName.MatchesSimpleExpression(filter, tag, ignoreCase: false)),
            "MUTABLE_WITH_EXCLUSION" => tag => excluded.Exists(filter => FileSystemName.MatchesSimpleExpression(filter, tag, ignoreCase: false)),
            _ => _ => false,
        };
    }

    /// <summary>Its policy as JSON text, empty when it has none.</summary>
    /// <exception cref="PipeException">It cannot be known: there is no such repository, or the identity may not read it.</exception>
    public async Task<string> ReadPolicyAsync(CancellationToken token)
    {
        try
        {
            return (await calls.SendAsync("GetRepositoryPolicy", [], token)).Text("policyText") ?? string.Empty;
        }
        catch (EcrException none) when (none.InnerException is AwsException { Code: "RepositoryPolicyNotFoundException" })
        {
            return string.Empty;
        }
    }

    /// <summary>The policy of the whole registry, which may open repositories too (account setting REGISTRY_POLICY_SCOPE); null when it cannot be known.</summary>
    public async Task<string?> FindRegistryPolicyAsync(CancellationToken token)
    {
        // ECR answers for the caller's own registry, whichever is meant.
        if (!Arn.TryParse(calls.Identity, out var caller) || caller.Account != calls.Repository.Account.Text)
        {
            return null;
        }

        try
        {
            return (await calls.SendToRegionAsync("GetRegistryPolicy", [], token)).Text("policyText");
        }
        catch (AwsException refused)
        {
            return refused.Code == "RegistryPolicyNotFoundException" ? string.Empty : null;
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

    private Task<JsonObject> DescribeAsync(CancellationToken token) => calls.SendToRegionAsync(
        "DescribeRepositories",
        new JsonObject { ["registryId"] = calls.Repository.Account.Text, ["repositoryNames"] = new JsonArray(calls.Repository.Name) },
        token);
}
