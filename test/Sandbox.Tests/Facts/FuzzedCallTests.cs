using System.Text.Json;
using System.Text.Json.Nodes;
using Sandbox.Ecs;
using Sandbox.Facts;
using Sandbox.Tests.Wire;
using Sandbox.Worlds;
using Xunit;

namespace Sandbox.Tests.Facts;

/// <summary>Inputs that mostly keep to the model, from one who may do everything: each operation answers or refuses as AWS does, never with a 500.</summary>
public sealed class FuzzedCallTests
{
    private static readonly TimeSpan Hangs = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ecs", DefaultWorld.Dev, 150)]
    [InlineData("ecr", DefaultWorld.Registry, 60)]
    [InlineData("logs", DefaultWorld.Dev, 60)]
    [InlineData("sts", DefaultWorld.Dev, 200)]
    public async Task Every_operation_takes_whatever_comes(string service, string account, int rounds)
    {
        var world = DefaultWorld.Create();
        var options = new SandboxOptions { World = world with { Repositories = [world.Repositories[0] with { SampleTags = ["1"] }] }, Ecs = new EcsOptions { Throttling = false } };
        // The sandbox throws when disposed of if it found a defect in itself.
        await using var sandbox = await SandboxServer.StartAsync(options, Token);
        using var client = new SignedClient(sandbox.Endpoint, sandbox.KeysOf($"arn:aws:iam::{account}:user/admin"));
        var facts = ApiFacts.Find(service)!;
        var random = new Random(4712);
        var succeeded = 0;
        foreach (var (operation, round) in Enumerable.Range(0, rounds).SelectMany(round => sandbox.Operations.Where(name => name.StartsWith(service, StringComparison.Ordinal)).Select(name => (name.Split(':')[1], round))))
        {
            var input = new Fuzz(facts, random, round % 2 == 0 ? 0 : 3).Make(facts.Operations[operation].Input!, 0) as JsonObject ?? [];
            var answer = await (service is "sts" ? client.StsAsync(operation, Fields("", input), Token) : client.CallAsync(service, operation, input, Token)).WaitAsync(Hangs, Token);

            Assert.True((int)answer.Status is 200 or (>= 400 and < 500), $"{operation} {input.ToJsonString()}: {answer.Status} {answer.Body}");
            succeeded += (int)answer.Status is 200 ? 1 : 0;
        }

        Assert.NotEqual(0, succeeded);
    }

    /// <summary>As STS's query protocol writes them.</summary>
    private static Dictionary<string, string> Fields(string name, JsonNode? value) => value switch
    {
        JsonObject parts => parts.SelectMany(part => Fields(name.Length > 0 ? $"{name}.{part.Key}" : part.Key, part.Value)).ToDictionary(),
        JsonArray items => items.SelectMany((item, index) => Fields($"{name}.member.{index + 1}", item)).ToDictionary(),
        null => [],
        _ => new() { [name] = value.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString() },
    };
}
