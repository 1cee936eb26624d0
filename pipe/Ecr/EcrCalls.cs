using System.Text.Json.Nodes;
using EcsDeploy.Aws;
using EcsDeploy.Names;

namespace EcsDeploy.Ecr;

/// <summary>Sends operations about one repository: the registry's account is always named, since ECR takes the caller's otherwise.</summary>
internal sealed class EcrCalls(AwsJsonClient aws, EcrRepository repository)
{
    private const int PageSize = 1000;

    public EcrRepository Repository => repository;

    /// <summary>Who calls, for messages.</summary>
    public string Identity => aws.Identity;

    public async Task<JsonObject> SendAsync(string operation, JsonObject input, CancellationToken token)
    {
        input["registryId"] = repository.Account.Text;
        input["repositoryName"] = repository.Name;
        try
        {
            return await aws.CallAsync(operation, input, token);
        }
        catch (AwsException refused) when (refused.Service == "ecr")
        {
            throw EcrException.From(refused, repository);
        }
    }

    /// <summary>All entries of a listing, page by page.</summary>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(string operation, JsonObject input, string entries, CancellationToken token)
    {
        var all = new List<JsonObject>();
        input["maxResults"] = PageSize;
        do
        {
            var page = await SendAsync(operation, (JsonObject)input.DeepClone(), token);
            all.AddRange((page[entries] as JsonArray ?? []).OfType<JsonObject>());
            input["nextToken"] = page["nextToken"]?.DeepClone();
        }
        while (input["nextToken"] is not null);
        return all;
    }

    /// <summary>Without a repository: the token, whose rights are the caller's everywhere in the region.</summary>
    public Task<JsonObject> SendToRegionAsync(string operation, JsonObject input, CancellationToken token) => aws.CallAsync(operation, input, token);
}
