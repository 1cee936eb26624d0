using System.Text.Json.Nodes;
using Sandbox.Ecr;
using Sandbox.Wire;
using Sandbox.Worlds;
using Xunit;

namespace Sandbox.Tests.Ecr;

/// <summary>ECR without a host: operations are called as the host would call them.</summary>
internal sealed class EcrFixture : IDisposable
{
    public const string Region = "eu-west-1";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecr");

    public EcrFixture(World? world = null)
    {
        Parts = new EcrParts(Authorizer, world ?? DefaultWorld.Create(), Clock, _folder.FullName);
        Shop = Registry.Get("shop");
    }

    public static Caller Pusher { get; } = new()
    {
        AccountId = DefaultWorld.Registry,
        Arn = $"arn:aws:sts::{DefaultWorld.Registry}:assumed-role/ecr-push/step",
        RoleArn = $"arn:aws:iam::{DefaultWorld.Registry}:role/ecr-push",
    };

    public StubAuthorizer Authorizer { get; } = new();

    public SettableClock Clock { get; } = new();

    public EcrParts Parts { get; }

    public EcrHabits Habits => Parts.Registries.Habits;

    public AccountRegistry Registry => Parts.Registries.Of(DefaultWorld.Registry, Region);

    /// <summary>The default world's central repository.</summary>
    public Repository Shop { get; }

    public async Task<JsonObject> CallAsync(string operation, string input = "{}", Caller? caller = null) => await Parts.Service.AnswerAsync(
        new ApiCall
        {
            Service = "ecr",
            Operation = operation,
            Input = JsonNode.Parse(input)!.AsObject(),
            Caller = caller ?? Pusher,
            Region = Region,
            RequestId = "1",
        },
        TestContext.Current.CancellationToken);

    /// <summary>The error of a call that must fail.</summary>
    public Task<ApiException> FailAsync(string operation, string input = "{}", Caller? caller = null) =>
        Assert.ThrowsAsync<ApiException>(() => CallAsync(operation, input, caller));

    public void Dispose() => _folder.Delete(recursive: true);
}
