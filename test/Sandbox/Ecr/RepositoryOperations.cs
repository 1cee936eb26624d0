using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sandbox.Wire;

namespace Sandbox.Ecr;

/// <summary>Repositories: describe, create, delete.</summary>
internal sealed partial class RepositoryOperations(RepositoryAccess access)
{
    public Dictionary<string, Func<ApiCall, JsonObject>> All => new()
    {
        ["DescribeRepositories"] = Describe,
        ["CreateRepository"] = Create,
        ["DeleteRepository"] = Delete,
    };

    /// <summary>The model's pattern for repository names, 2 to 256 characters.</summary>
    public static bool IsName(string name) => name.Length is >= 2 and <= 256 && NamePattern().IsMatch(name);

    private JsonObject Describe(ApiCall call)
    {
        var registry = access.RegistryOf(call);
        var names = Input.Texts(call.Input, "repositoryNames");
        var answer = new JsonObject();
        if (names.Count > 0)
        {
            Page.DemandNone(call, "repositoryNames");
            answer["repositories"] = EcrJson.Array([.. names.Select(name => EcrJson.Describe(access.Open(call.Caller, registry, name, "ecr:DescribeRepositories")))]);
            return answer;
        }

        // Without names the resource is every repository (reference authorization.md §1.3, inferred).
        access.Demand(call, registry, "*", "ecr:DescribeRepositories", new Dictionary<string, string>());
        var page = Page.Of(call, answer, registry.Repositories, r => r.Name, PageSize.Usual(access.Registries.Habits));
        answer["repositories"] = EcrJson.Array(page.Select(EcrJson.Describe));
        return answer;
    }

    private JsonObject Create(ApiCall call)
    {
        var registry = access.RegistryOf(call);
        var name = Input.RequiredText(call.Input, "repositoryName");
        var tags = RepositoryTagOperations.Read(call.Input);
        access.Demand(call, registry, name, "ecr:CreateRepository", tags);
        if (tags.Count > 0)
        {
            access.Demand(call, registry, name, "ecr:TagResource", tags);
        }

        if (!IsName(name))
        {
            throw EcrErrors.Invalid("repositoryName", $"must satisfy regular expression '{Pattern}'");
        }

        var encryption = call.Input["encryptionConfiguration"];
        var type = Input.Text(encryption, "encryptionType") ?? "AES256";
        var key = Input.Text(encryption, "kmsKey");
        if (key is not null && type == "AES256")
        {
            throw EcrErrors.Invalid("encryptionConfiguration", "kmsKey can only be specified with encryptionType KMS or KMS_DSSE");
        }

        var repository = registry.Create(name, new RepositorySettings
        {
            Mutability = RepositorySettingsOperations.ReadMutability(call.Input, required: false),
            ScansOnPush = Input.Flag(call.Input["imageScanningConfiguration"], "scanOnPush"),
            EncryptionType = type,
            KmsKey = type == "AES256" ? null : key ?? $"arn:{registry.Partition}:kms:{registry.Region}:{registry.AccountId}:alias/aws/ecr",
            Tags = tags,
        });
        return new JsonObject { ["repository"] = EcrJson.Describe(repository) };
    }

    private JsonObject Delete(ApiCall call)
    {
        var repository = access.Open(call);
        if (!Input.Flag(call.Input, "force") && repository.Images.Count > 0)
        {
            throw EcrErrors.NotEmpty(repository);
        }

        repository.Registry.Remove(repository);
        return new JsonObject { ["repository"] = EcrJson.Describe(repository) };
    }

    private const string Pattern = @"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*";

    [GeneratedRegex($"^(?:{Pattern})\\z", RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();
}
