using System.Text.Json.Nodes;
using EcsDeploy;
using EcsDeploy.Aws;
using EcsDeploy.Ecs;
using EcsDeploy.Settings;
using Pipe.Tests.Ecs.Timelines;
using Xunit;

namespace Pipe.Tests.Ecs;

public sealed class EcsClientTests
{
    private readonly JumpingClock _clock = new();
    private readonly List<(string Operation, JsonObject Input)> _calls = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Services_are_described_ten_to_a_call()
    {
        var ecs = Client((_, input) => new JsonObject { ["services"] = new JsonArray([.. input["services"]!.AsArray().Select(name => (JsonNode)new JsonObject { ["serviceName"] = (string)name! })]) });

        var services = await ecs.DescribeServicesAsync("prod", [.. Enumerable.Range(0, 23).Select(i => $"s{i}")], Token);

        Assert.Equal([10, 10, 3], _calls.Select(call => call.Input["services"]!.AsArray().Count));
        Assert.Equal(23, services.Count);
    }

    [Fact]
    public async Task Lists_are_read_to_their_last_page()
    {
        var ecs = Client((_, input) => new JsonObject
        {
            ["clusterArns"] = new JsonArray($"arn:aws:ecs:eu-west-1:1:cluster/{(string?)input["nextToken"] ?? "a"}"),
            ["nextToken"] = (string?)input["nextToken"] switch { null => "b", "b" => "c", _ => null },
        });

        Assert.Equal(["a", "b", "c"], await ecs.ListClustersAsync(Token));
    }

    [Fact]
    public async Task A_wrong_service_name_is_answered_with_the_names_that_exist()
    {
        var ecs = Client((operation, _) => operation == "ListServices"
            ? new JsonObject { ["serviceArns"] = new JsonArray("arn:aws:ecs:eu-west-1:2:service/prod/web", "arn:aws:ecs:eu-west-1:2:service/prod/api") }
            : new JsonObject { ["failures"] = new JsonArray(new JsonObject { ["reason"] = "MISSING" }) });

        var fault = await Assert.ThrowsAsync<EcsSettingsException>(() => Search(ecs));

        Assert.Equal(ExitCode.Settings, fault.ExitCode);
        Assert.Contains("Service 'wbe' is not in cluster 'prod' of account 2 in eu-west-1. The services there: api, web.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_cluster_name_is_answered_with_the_names_that_exist()
    {
        var ecs = Client((operation, _) => operation == "ListClusters"
            ? new JsonObject { ["clusterArns"] = new JsonArray("arn:aws:ecs:eu-west-1:2:cluster/production") }
            : throw Fault("ClusterNotFoundException", AwsFailureKind.Rejected));

        var fault = await Assert.ThrowsAsync<EcsSettingsException>(() => Search(ecs));

        Assert.Contains("The clusters there: production.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_may_not_list_is_told_which_permission_would_help()
    {
        var ecs = Client((operation, _) => operation == "ListServices" ? throw Fault("AccessDeniedException", AwsFailureKind.AccessDenied) : []);

        var fault = await Assert.ThrowsAsync<EcsSettingsException>(() => Search(ecs));

        Assert.Contains("ecs:ListServices", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CODE_DEPLOY", "ACTIVE", "CodeDeploy")]
    [InlineData("EXTERNAL", "ACTIVE", "EXTERNAL")]
    [InlineData("ECS", "DRAINING", "being deleted")]
    [InlineData("ECS", "INACTIVE", "was deleted")]
    public void What_cannot_be_rolled_is_refused_before_any_change(string controller, string status, string says)
    {
        var service = new ServiceState(new JsonObject { ["status"] = status, ["deploymentController"] = new JsonObject { ["type"] = controller } });

        Assert.Contains(says, Assert.Throws<EcsSettingsException>(() => ServiceSearch.CheckRollable(service)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sixty_registrations_keep_to_the_bucket_of_twenty_and_one_a_second()
    {
        var times = new List<double>();
        var ecs = Client((_, _) =>
        {
            times.Add(_clock.Seconds);
            return [];
        });

        for (var i = 0; i < 60; i++)
        {
            await ecs.RegisterTaskDefinitionAsync([], Token);
        }

        // A bucket of 20 that fills by 1 a second (Amazon ECS API reference, request throttling) never runs dry.
        Assert.All(Enumerable.Range(0, 60), i => Assert.True(i + 1 <= 20 + times[i], $"call {i} at {times[i]} s"));
        Assert.InRange(times[^1], 40, 60);
    }

    private static Task<IReadOnlyList<ServiceState>> Search(EcsClient ecs) =>
        new ServiceSearch(ecs, "account 2 in eu-west-1").GetAsync([new ServiceSettings { Cluster = "prod", Name = "wbe" }], Token);

    private static AwsException Fault(string code, AwsFailureKind kind) => AwsException.From(
        new AwsFailure { Call = new AwsCall("ecs", "X", "eu-west-1", "deploy"), Kind = kind, Code = code, Message = "No." }, null);

    private EcsClient Client(Func<string, JsonObject, JsonObject> answer)
    {
        Task<JsonObject> CallAsync(string operation, JsonObject input, CancellationToken token)
        {
            _calls.Add((operation, input));
            return Task.FromResult(answer(operation, input));
        }

        return new EcsClient(CallAsync, CallAsync, new CallBudget(_clock));
    }
}
