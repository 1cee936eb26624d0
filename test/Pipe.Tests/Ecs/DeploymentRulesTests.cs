using System.Text.Json.Nodes;
using EcsDeploy.Ecs;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>Who decides that a deployment has failed, ECS or the pipe, and after how many failures.</summary>
public sealed class DeploymentRulesTests
{
    private const string Breaker = """ "deploymentCircuitBreaker":{"enable":true,"rollback":true} """;
    private const string Alarms = """ "alarms":{"enable":true,"rollback":true,"alarmNames":["5xx"]} """;

    [Theory]
    [InlineData("ROLLING", "", 2, 3)]
    [InlineData("ROLLING", "", 25, 13)]
    [InlineData("ROLLING", "", 1000, 200)]
    [InlineData("ROLLING", Breaker, 2, null)]
    [InlineData("ROLLING", Alarms, 2, null)]
    [InlineData("BLUE_GREEN", "", 2, 3)]
    [InlineData("CANARY", "", 25, 13)]
    [InlineData("LINEAR", Breaker, 2, 6)]
    [InlineData("BLUE_GREEN", Alarms, 2, 6)]
    public void The_pipe_judges_where_ecs_does_not_and_later_where_ecs_may(string strategy, string guard, int desired, int? failures)
    {
        var configuration = $$"""{"strategy":"{{strategy}}"{{(guard.Length > 0 ? "," : "")}}{{guard}}}""";

        Assert.Equal(failures, new DeploymentRules((JsonObject)JsonNode.Parse(configuration)!).FailuresToJudge(desired));
    }
}
