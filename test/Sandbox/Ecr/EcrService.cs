using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Sandbox.Authorization;
using Sandbox.Wire;

namespace Sandbox.Ecr;

/// <summary>ECR's own API. Each operation authorizes itself through <see cref="RepositoryAccess"/>.</summary>
public sealed class EcrService : IApiService
{
    private readonly FrozenDictionary<string, Func<ApiCall, JsonObject>> _operations;

    internal EcrService(RepositoryAccess access, KnownPrincipals principals, RegistryTokens tokens, DownloadLinks links)
    {
        IEnumerable<KeyValuePair<string, Func<ApiCall, JsonObject>>> all =
        [
            .. new AccountOperations(access, tokens).All,
            .. new RepositoryOperations(access).All,
            .. new RepositorySettingsOperations(access, principals).All,
            .. new RepositoryTagOperations(access).All,
            .. new ImageOperations(access).All,
            .. new ImageListOperations(access).All,
            .. new LayerOperations(access, links).All,
            .. new ScanOperations(access).All,
        ];
        _operations = all.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public string Name => "ecr";

    public string TargetPrefix => "AmazonEC2ContainerRegistry_V20150921";

    /// <summary>The operations that are played.</summary>
    public IReadOnlyCollection<string> Operations => _operations.Keys;

    public Task<JsonObject> AnswerAsync(ApiCall call, CancellationToken token) =>
        _operations.TryGetValue(call.Operation, out var operation)
            ? Task.FromResult(operation(call))
            : throw new ApiException("UnknownOperationException", $"The sandbox does not play ecr:{call.Operation}.");
}
