using System.Text.Json.Nodes;
using EcsDeploy.Ecs;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Pipe.Tests.Ecs.Timelines;
using Serilog.Core;
using Xunit;

namespace Pipe.Tests.Ecs;

/// <summary>A rollout that another run began is judged by itself, not by an earlier one of the same revision.</summary>
public sealed class AdoptionTests
{
    private static readonly Sd LastWeeks = new("sd-0", "SUCCESSFUL");

    private readonly JumpingClock _clock = new();
    private bool _adopted;

    [Fact]
    public async Task An_earlier_success_of_the_same_revision_is_not_taken_for_the_rollout_that_goes_back()
    {
        var ecs = new EcsClient(CallAsync, CallAsync, new CallBudget(_clock));
        var service = (await ecs.FindServiceAsync(Frame.Cluster, "web", TestContext.Current.CancellationToken))!;
        var request = new RolloutRequest { Service = service, TaskDefinition = Frame.Definition("web:2"), Containers = ["web"] };
        var rollout = new Rollout(ecs, new RolloutSettings { ForceNewDeployment = true, OnFailure = AfterTrouble.Leave }, _clock, Logger.None);
        var decision = await rollout.DecideAsync(request, TestContext.Current.CancellationToken);
        Assert.IsType<RolloutDecision.Adopt>(decision);
        _adopted = true;

        var outcome = await rollout.CarryOutAsync(request, decision, TestContext.Current.CancellationToken);

        Assert.IsType<Verdict.RolledBack>(outcome.Verdict);
    }

    private Task<JsonObject> CallAsync(string operation, JsonObject input, CancellationToken token)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(80));
        var now = _clock.GetUtcNow();
        var old = Dated(LastWeeks.Json(), now.AddDays(-7), now.AddDays(-7).AddMinutes(5));
        var ours = Dated(new Sd("sd-2", _clock.Seconds < 40 ? "ROLLBACK_IN_PROGRESS" : "ROLLBACK_SUCCESSFUL").Json(), now.AddMinutes(-1), null);
        return Task.FromResult(operation switch
        {
            "DescribeServices" => new JsonObject { ["services"] = new JsonArray(Service(now)) },
            "ListServiceDeployments" => new JsonObject { ["serviceDeployments"] = new JsonArray(ours, old) },
            "DescribeServiceDeployments" => new JsonObject
            {
                ["serviceDeployments"] = new JsonArray([.. new[] { ours, old }.Where(item => input["serviceDeploymentArns"]!.AsArray().Any(arn => (string?)arn == (string?)item["serviceDeploymentArn"]))]),
            },
            "DescribeServiceRevisions" => new JsonObject
            {
                ["serviceRevisions"] = new JsonArray(new JsonObject { ["serviceRevisionArn"] = Frame.Revision("web:2"), ["taskDefinition"] = Frame.Definition("web:2") }),
            },
            "ListTasks" => new JsonObject { ["taskArns"] = new JsonArray() },
            _ => throw new InvalidOperationException($"{operation} is not scripted"),
        });
    }

    /// <summary>Ours stands first until it was adopted; by the first look ECS has put the one before into its place.</summary>
    private JsonObject Service(DateTimeOffset now)
    {
        var service = new Frame
        {
            Deployments = _adopted
                ? [Scenario.Old with { State = "IN_PROGRESS" }, new Dep("ecs-svc/2", "ACTIVE", "web:2", 0) { State = "IN_PROGRESS" }]
                : [new Dep("ecs-svc/2", "PRIMARY", "web:2", 0), Scenario.Old with { Status = "ACTIVE" }],
        }.Service(Scenario.Breaker(rollback: true));
        foreach (var deployment in service["deployments"]!.AsArray())
        {
            deployment!["createdAt"] = now.AddMinutes(-1).ToUnixTimeSeconds();
        }

        return service;
    }

    private static JsonObject Dated(JsonObject deployment, DateTimeOffset created, DateTimeOffset? finished)
    {
        deployment["createdAt"] = created.ToUnixTimeSeconds();
        deployment["finishedAt"] = finished?.ToUnixTimeSeconds();
        return deployment;
    }
}
