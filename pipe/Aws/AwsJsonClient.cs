using System.Text;
using System.Text.Json.Nodes;

namespace EcsDeploy.Aws;

/// <summary>Calls one service of the JSON 1.1 protocol (<c>ecs</c>, <c>ecr</c>, <c>logs</c>) as one identity in one region: signed, repeated where that helps, each try in the debug log.</summary>
internal sealed class AwsJsonClient : IDisposable
{
    private readonly string _service;
    private readonly AwsIdentity _identity;
    private readonly AwsConnections _connections;
    private readonly SdkChannel _channel;
    private readonly string _standIn;
    private readonly Func<CancellationToken, Task>? _keepOthers;

    /// <param name="service">The signing name.</param>
    /// <param name="region">Where it is asked.</param>
    /// <param name="identity">Whom it signs as.</param>
    /// <param name="connections">The way there.</param>
    /// <param name="standIn">Why as this identity, where it is another account's; for the advice on a refusal.</param>
    /// <param name="keepOthers">Called before each call: keeps identities that are idle meanwhile.</param>
    public AwsJsonClient(string service, string region, AwsIdentity identity, AwsConnections connections, string standIn = "", Func<CancellationToken, Task>? keepOthers = null)
    {
        (_standIn, _keepOthers) = (standIn, keepOthers);
        (_service, Region, _identity, _connections) = (service, region, identity, connections);
        _channel = new SdkChannel(new IdentityCredentials(identity), new SdkConfig(service, region, connections), TargetPrefix(service));
    }

    /// <summary>The ARN that AWS sees once it is known, for messages.</summary>
    public string Identity => _identity.Description;

    public string Region { get; }

    /// <summary>For calls that may be made twice: repeats throttling, failures inside AWS and broken connections.</summary>
    public Task<JsonObject> CallAsync(string operation, JsonObject input, CancellationToken token) => TryAsync(operation, input, repeatable: true, token);

    /// <summary>For calls that change something: sent again only where AWS provably did not act, else <see cref="AwsException.AnswerLost"/> tells that nobody knows.</summary>
    public Task<JsonObject> CallOnceAsync(string operation, JsonObject input, CancellationToken token) => TryAsync(operation, input, repeatable: false, token);

    public void Dispose() => _channel.Dispose();

    private static string TargetPrefix(string service) => service switch
    {
        "ecs" => "AmazonEC2ContainerServiceV20141113",
        "ecr" => "AmazonEC2ContainerRegistry_V20150921",
        "logs" => "Logs_20140328",
        _ => throw new ArgumentOutOfRangeException(nameof(service), service, "Not a service of the JSON 1.1 protocol that is known here."),
    };

    private async Task<JsonObject> TryAsync(string operation, JsonObject input, bool repeatable, CancellationToken token)
    {
        await (_keepOthers?.Invoke(token) ?? Task.CompletedTask);
        var body = Encoding.UTF8.GetBytes(input.ToJsonString());
        var attempt = new AwsAttempt(new AwsCall(_service, operation, Region, string.Empty) { StandIn = _standIn }, _identity, _connections);
        return await attempt.RunAsync(
            async inner =>
            {
                var answer = await _channel.SendAsync(operation, body, inner);
                return (answer.Document, answer.ResponseMetadata?.RequestId ?? string.Empty);
            },
            repeatable,
            token);
    }
}
