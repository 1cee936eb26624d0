using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sandbox.Ecs.Engine;

namespace Sandbox.Ecs.Apps;

/// <summary>
/// Asks a really running app over HTTP whether it is well, for its container health check and for its target group. Rounds follow ECS's clock; because
/// that may be sped up and an app starts in real time, failures in its first real seconds do not count.
/// </summary>
public sealed partial class HealthProbe(Agenda agenda, HttpClient http, ContainerStart start, IContainerEvents events)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly string _path = PathOf(start);
    private long _begun;
    private int _failures;
    private bool? _found;
    private bool _stopped;

    private TimeSpan Interval => TimeSpan.FromSeconds((int?)start.Container.HealthCheck?["interval"] ?? 10);

    private int Retries => (int?)start.Container.HealthCheck?["retries"] ?? 3;

    public static bool HasPort(ContainerStart start) => start.Container.Definition["portMappings"] is JsonArray { Count: > 0 };

    public void Begin()
    {
        _begun = TimeProvider.System.GetTimestamp();
        if (HasPort(start))
        {
            agenda.Plan(TimeSpan.FromSeconds(1), Ask);
        }
    }

    public void Stop() => _stopped = true;

    private void Ask()
    {
        if (!_stopped)
        {
            _ = AskAsync();
        }
    }

    private async Task AskAsync()
    {
        var (well, reason) = await AnswerAsync();
        agenda.Post(() =>
        {
            if (_stopped)
            {
                return;
            }

            Take(well, reason);
            agenda.Plan(well || _found is not null ? Interval : TimeSpan.FromSeconds(1), Ask);
        });
    }

    private void Take(bool well, string reason)
    {
        _failures = well || TimeProvider.System.GetElapsedTime(_begun) < Grace ? 0 : _failures + 1;
        if ((well && _found != true) || (!well && _found != false && _failures >= Retries))
        {
            _found = well;
            if (start.Container.HealthCheck is not null)
            {
                events.Health(well);
            }

            events.Target(well, reason);
        }
    }

    private async Task<(bool Well, string Reason)> AnswerAsync()
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"{start.Container.Endpoint}{_path}"));
            return (answer.IsSuccessStatusCode, $"Health checks failed with these codes: [{(int)answer.StatusCode}]");
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or UriFormatException)
        {
            return (false, error is OperationCanceledException ? "Request timed out" : "Health checks failed");
        }
    }

    /// <summary>The path in the container's own health check command, else the environment's HEALTH_PATH, else the root.</summary>
    private static string PathOf(ContainerStart start)
    {
        var command = string.Join(' ', (start.Container.HealthCheck?["command"] as JsonArray ?? []).Select(part => (string?)part));
        var match = Url().Match(command);
        return match.Success ? match.Groups[1].Value : ContainerSettings.Environment(start.Task, start.Container).GetValueOrDefault("HEALTH_PATH", "/");
    }

    [GeneratedRegex(@"https?://[^/\s""']+(/[^\s""'|;&)]*)")]
    private static partial Regex Url();
}
