using System.Text.Json.Nodes;
using EcsDeploy.Aws;

namespace Pipe.Tests.Ecs.Timelines;

/// <summary>Answers the pipe's calls from a timeline: what stands there depends only on how long ago UpdateService took effect.</summary>
internal sealed class ScriptedEcs(Scenario scenario, JumpingClock clock)
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(80);

    private double? _updatedAt;
    private double? _stoppedAt;
    private double? _returnedAt;

    public List<string> Calls { get; } = [];

    public int Updates => Calls.Count(call => call == "UpdateService");

    /// <summary>Seconds since UpdateService took effect.</summary>
    public double Since => _updatedAt is { } at ? clock.Seconds - at : double.NegativeInfinity;

    public Task<JsonObject> CallAsync(string operation, JsonObject input, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        clock.Advance(RoundTrip);
        Calls.Add(operation);
        if (scenario.Denied.Contains(operation))
        {
            throw Failing(operation, AwsFailureKind.AccessDenied, "AccessDeniedException", $"User: arn:aws:sts::222222222222:assumed-role/deploy/s is not authorized to perform: ecs:{operation}");
        }

        if (scenario.FailingFrom is { } from && Since >= from && Since < scenario.FailingUntil && operation == (scenario.FailingRead ?? operation) && operation != "UpdateService")
        {
            throw Failing(operation, scenario.FailingKind, "ServerException", "Service unavailable.");
        }

        return Task.FromResult(operation switch
        {
            "UpdateService" when _updatedAt is not null && scenario.Returned.Count > 0 => Return(),
            "UpdateService" => Update(),
            "StopServiceDeployment" => Stop(),
            _ => Read(operation, input),
        });
    }

    private JsonObject Return()
    {
        _returnedAt ??= clock.Seconds;
        return new JsonObject { ["service"] = scenario.Returned[0].Service(scenario.Configuration) };
    }

    private JsonObject Stop()
    {
        if (scenario.Stoppable.Count == 0)
        {
            throw Failing("StopServiceDeployment", AwsFailureKind.Rejected, "ConflictException", "The service deployment cannot be stopped.");
        }

        _stoppedAt ??= clock.Seconds;
        return new JsonObject { ["serviceDeploymentArn"] = Frame.ServiceDeployment("sd-2") };
    }

    private Frame Now() =>
        _returnedAt is { } returned ? Scenario.At(scenario.Returned, clock.Seconds - returned)
        : _stoppedAt is { } stopped ? Scenario.At(scenario.Stoppable, clock.Seconds - stopped)
        : scenario.Read(Since);

    private JsonObject Update()
    {
        var lost = scenario.LostAnswers >= Updates;
        if (!lost || scenario.LostTookEffect)
        {
            _updatedAt ??= clock.Seconds;
        }

        return lost
            ? throw Failing("UpdateService", AwsFailureKind.AnswerLost, "", "The connection was reset.")
            : new JsonObject { ["service"] = (scenario.AnswerLacksPrimary ? scenario.At(0) with { Deployments = [] } : scenario.At(0)).Service(scenario.Configuration) };
    }

    private JsonObject Read(string operation, JsonObject input)
    {
        var frame = Now();
        return operation switch
        {
            "DescribeServices" => frame.Status == "MISSING"
                ? new JsonObject { ["services"] = new JsonArray(), ["failures"] = new JsonArray(new JsonObject { ["reason"] = "MISSING" }) }
                : new JsonObject { ["services"] = new JsonArray(frame.Service(scenario.Configuration)) },
            "DescribeTaskDefinition" => new JsonObject { ["taskDefinition"] = new JsonObject { ["taskDefinitionArn"] = input["taskDefinition"]!.DeepClone() } },
            "ListServiceDeployments" => new JsonObject { ["serviceDeployments"] = List(frame.ServiceDeployments.Select(item => item.Json()).Reverse()) },
            "DescribeServiceDeployments" => new JsonObject { ["serviceDeployments"] = List(frame.ServiceDeployments.Select(item => item.Json()).Where(Asked(input))) },
            "DescribeServiceRevisions" => new JsonObject { ["serviceRevisions"] = List(Revisions(input)) },
            "ListTasks" => new JsonObject { ["taskArns"] = new JsonArray([.. Tasks(frame, input).Select(task => (JsonNode)(string)task["taskArn"]!)]) },
            "DescribeTasks" => new JsonObject { ["tasks"] = List(frame.Stopped.Concat(scenario.RunningTasks).Where(task => Has(input, "tasks", (string)task["taskArn"]!))) },
            _ => throw new InvalidOperationException($"{operation} is not scripted"),
        };
    }

    private IEnumerable<JsonObject> Tasks(Frame frame, JsonObject input) => (string?)input["desiredStatus"] == "STOPPED" ? frame.Stopped : scenario.RunningTasks;

    private IEnumerable<JsonObject> Revisions(JsonObject input) => scenario.Frames.Append(scenario.Before)
        .SelectMany(item => item.ServiceDeployments).Select(item => item.Def).Append("web:1").Distinct()
        .Where(definition => Has(input, "serviceRevisionArns", Frame.Revision(definition)))
        .Select(definition => new JsonObject { ["serviceRevisionArn"] = Frame.Revision(definition), ["taskDefinition"] = Frame.Definition(definition) });

    private static Func<JsonObject, bool> Asked(JsonObject input) => item => Has(input, "serviceDeploymentArns", (string)item["serviceDeploymentArn"]!);

    private static bool Has(JsonObject input, string list, string arn) => input[list]!.AsArray().Any(item => (string?)item == arn);

    private static JsonArray List(IEnumerable<JsonObject> items) => [.. items.Select(item => item.DeepClone())];

    private static AwsException Failing(string operation, AwsFailureKind kind, string code, string message) => AwsException.From(
        new AwsFailure { Call = new AwsCall("ecs", operation, "eu-west-1", "deploy"), Kind = kind, Code = code, Message = message }, null);
}
