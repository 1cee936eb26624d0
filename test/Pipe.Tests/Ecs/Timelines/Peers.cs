namespace Pipe.Tests.Ecs.Timelines;

/// <summary>What other tools' waiting would have said of a scenario, written from the descriptions in ecs.md §4.</summary>
internal static class Peers
{
    public const string Stable = "ServicesStable";
    public const string Action = "GitHub action";
    public const string Espresso = "ecspresso";

    /// <summary>From one call to the next, in seconds.</summary>
    private const double RoundTrip = 0.1;

    public static IReadOnlyList<(string Name, Func<Scenario, PeerAnswer> Ask)> All { get; } = [(Stable, ServicesStable), (Action, GitHubAction), (Espresso, Ecspresso)];

    /// <summary>§4.1, botocore's waiters-2.json: every 15 s, 40 times.</summary>
    public static PeerAnswer ServicesStable(Scenario scenario)
    {
        for (var attempt = 0; attempt < 40; attempt++)
        {
            if (View(scenario, attempt * 15) is { WithoutDeployments: true })
            {
                return new PeerAnswer("error: JMESPath type error", false, attempt * 15);
            }

            if (IsStable(scenario, attempt * 15) is { } answer)
            {
                return answer;
            }
        }

        return new PeerAnswer("timeout", false, 39 * 15);
    }

    /// <summary>§4.2: the same acceptors with exponential delays of 15 to 120 s (here their mean) for 30 minutes, then one look for the deployment's id.</summary>
    public static PeerAnswer GitHubAction(Scenario scenario)
    {
        var before = Primary(scenario.Before)?.Id;
        var after = scenario.AnswerLacksPrimary ? null : Primary(scenario.At(0))?.Id;
        var (at, attempt) = (0.0, 0);
        while (at < 30 * 60)
        {
            if (IsStable(scenario, at) is { } answer)
            {
                // Without an id there is nothing to compare, and the check is left out.
                return !answer.Green || after is null || after == before ? answer : ById(scenario, after, answer.At + RoundTrip);
            }

            attempt++;
            at += (15 + Math.Min(120, 15 * Math.Pow(2, attempt - 1))) / 2;
        }

        return new PeerAnswer("timeout", false, 30 * 60);
    }

    /// <summary>§4.3, <c>--wait-until deployed</c>: looks 10 s for an IN_PROGRESS deployment newer than its own clock, the newest wins; then every 10 s, for 10 minutes.</summary>
    public static PeerAnswer Ecspresso(Scenario scenario) => Deployed(scenario) with { Prints = true };

    private static PeerAnswer Deployed(Scenario scenario)
    {
        if (scenario.Denied.Contains("ListServiceDeployments"))
        {
            return new PeerAnswer("error: AccessDenied", false, 3);
        }

        string? name = null;
        var at = 3.0;
        for (; name is null && at <= 13; at += 3)
        {
            name = View(scenario, at)?.ServiceDeployments
                .LastOrDefault(item => item.Status == "IN_PROGRESS" && CreatedAt(scenario, item) > scenario.ClockAhead - 1)?.Name;
        }

        for (; name is not null && at <= 600; at += 10)
        {
            var frame = View(scenario, at, "DescribeServiceDeployments");
            if (frame is null)
            {
                return new PeerAnswer("error: server error", false, at);
            }

            if (frame.Status == "MISSING")
            {
                return new PeerAnswer("ok: not found, no need to wait", true, at);
            }

            var status = frame.ServiceDeployments.FirstOrDefault(item => item.Name == name)?.Status;
            if (status is "STOPPED" or "ROLLBACK_FAILED" or "STOP_REQUESTED")
            {
                return new PeerAnswer($"error: {status}", false, at);
            }

            if (status is "SUCCESSFUL" or "ROLLBACK_SUCCESSFUL")
            {
                return ConfirmPrimary(scenario, at);
            }
        }

        return name is null ? ConfirmPrimary(scenario, at) : new PeerAnswer("timeout", false, 600);
    }

    private static PeerAnswer? IsStable(Scenario scenario, double at)
    {
        var frame = View(scenario, at);
        return frame switch
        {
            null => new PeerAnswer("error: server error", false, at),
            { Status: "MISSING" } => new PeerAnswer("error: MISSING", false, at),
            { Status: "DRAINING" or "INACTIVE" } => new PeerAnswer($"error: {frame.Status}", false, at),
            { WithoutDeployments: false, Deployments.Count: 1 } when frame.Running == frame.Desired => new PeerAnswer("ok: stable", true, at),
            _ => null,
        };
    }

    private static PeerAnswer ById(Scenario scenario, string id, double at)
    {
        var deployment = View(scenario, at)?.Deployments.FirstOrDefault(item => item.Id == id);
        return deployment is null ? new PeerAnswer("error: likely rolled back", false, at)
            : deployment.State == "FAILED" ? new PeerAnswer("error: FAILED", false, at)
            : new PeerAnswer("ok: completed", true, at);
    }

    private static PeerAnswer ConfirmPrimary(Scenario scenario, double at) =>
        Primary(View(scenario, at))?.Def == (scenario.SameDefinition ? "web:1" : "web:2")
            ? new PeerAnswer("ok: completed", true, at)
            : new PeerAnswer("error: primary is another definition", false, at);

    private static Dep? Primary(Frame? frame) => frame?.Deployments.FirstOrDefault(item => item.Status == "PRIMARY");

    private static double CreatedAt(Scenario scenario, Sd deployment) =>
        scenario.Before.ServiceDeployments.Any(item => item.Name == deployment.Name)
            ? double.NegativeInfinity
            : scenario.Frames.First(frame => frame.ServiceDeployments.Any(item => item.Name == deployment.Name)).At;

    /// <summary>What a describe shows at that moment; null when it fails, retries of the SDK included.</summary>
    private static Frame? View(Scenario scenario, double at, string read = "DescribeServices") =>
        scenario.FailingFrom is { } from && at >= from && at < scenario.FailingUntil && (scenario.FailingRead ?? read) == read ? null : scenario.Read(at);
}

/// <summary>A peer's last word.</summary>
/// <param name="Says">In its own words, "ok: …", "error: …" or "timeout".</param>
/// <param name="Green">The step would have gone on.</param>
/// <param name="At">Seconds after UpdateService.</param>
internal sealed record PeerAnswer(string Says, bool Green, double At)
{
    /// <summary>Something was printed between UpdateService and this.</summary>
    public bool Prints { get; init; }

    /// <summary>What is true and why it happened stands in its words.</summary>
    public bool Explains(Scenario scenario) => scenario.Reason is null || Says.Contains(scenario.Reason, StringComparison.Ordinal);

    /// <summary>The colour is right, it did not merely give up, it did not guess before ECS knew, and it does not call one thing another.</summary>
    public bool IsRight(Scenario scenario)
    {
        var good = scenario.ExitCode == EcsDeploy.ExitCode.Done;
        return Green == good
            && (Says != "timeout" || scenario.ExitCode == EcsDeploy.ExitCode.InFlight)
            && (scenario.DecidedAt is not { } decided || At >= decided)
            && (!Says.Contains("rolled back", StringComparison.Ordinal) || scenario.Truth == "rolled back");
    }
}
