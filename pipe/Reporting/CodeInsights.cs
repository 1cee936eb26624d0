using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using EcsDeploy.Logging;
using EcsDeploy.Outcomes;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy.Reporting;

/// <summary>
/// Puts one report per service and environment on the commit, through the proxy that signs requests of a step
/// (Bitbucket, "Code Insights": plain http to api.bitbucket.org by way of port 29418).
/// </summary>
internal sealed class CodeInsights(HttpClient proxied, BitbucketContext bitbucket, Redactor redactor, ILogger log, TimeProvider time)
{
    private const string Api = "http://api.bitbucket.org/2.0/repositories/";

    /// <summary>Characters that Bitbucket takes for a report's details.</summary>
    private const int LongestDetails = 2000;

    // A report is a courtesy: it may not hold up a step.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Sends the reports; one that cannot be sent is said at debug level and changes nothing.</summary>
    public async Task SendAsync(RunSummary run, CancellationToken token)
    {
        if (bitbucket is not { Workspace: { } workspace, RepositorySlug: { } repository, Commit: { } commit })
        {
            return;
        }

        foreach (var service in run.Services)
        {
            var id = $"dotnet-ecs-deploy-{(run.Environment is { } environment ? $"{environment}-" : "")}{service.Cluster}-{service.Service}".Replace('/', '-');
            var address = $"{Api}{workspace}/{repository}/commit/{commit}/reports/{Uri.EscapeDataString(id)}";
            await PutAsync(new Uri(address), Report(run, service), token);
        }
    }

    private async Task PutAsync(Uri address, JsonObject report, CancellationToken token)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token, patience.Token);
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(report.ToJsonString()));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            var started = time.GetTimestamp();
            using var answer = await proxied.PutAsync(address, body, either.Token);
            log.Debug("PUT {Report} was answered {Status} after {Duration:0} ms, request id {RequestId}",
                address.AbsolutePath, (int)answer.StatusCode, time.GetElapsedTime(started).TotalMilliseconds, RequestIds.Of(answer));
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !token.IsCancellationRequested))
        {
            log.Debug("Code Insights could not be reached: {Reason}", failure.Message);
        }
    }

    /// <summary>The last line whole, and of the reasons what there is room for.</summary>
    private string Details(RolloutOutcome service)
    {
        var last = redactor.Redact(service.LastLine);
        var reasons = redactor.Redact(string.Join('\n', service.Verdict.Reasons));
        var room = Math.Max(0, LongestDetails - last.Length - 1);
        return reasons.Length == 0 ? last : $"{(reasons.Length > room ? $"{reasons[..Math.Max(0, room - 1)]}…" : reasons)}\n{last}";
    }

    private JsonObject Report(RunSummary run, RolloutOutcome service) => new()
    {
        ["title"] = $"Deployment of {service.Service} to {run.Environment ?? service.Cluster}",
        ["details"] = Details(service),
        ["reporter"] = "dotnet-ecs-deploy",
        ["report_type"] = "TEST",
        ["result"] = service.Verdict.IsGood ? "PASSED" : "FAILED",
        ["link"] = ConsoleAddress.Of(run, service).AbsoluteUri,
        ["data"] = new JsonArray(
            Data("Verdict", "TEXT", service.Verdict.Words),
            Data("Image", "TEXT", run.Image?.Digest.Text ?? "unchanged"),
            Data("Task definition", "TEXT", service.After),
            Data("Duration", "DURATION", (long)service.Duration.TotalMilliseconds)),
    };

    private static JsonObject Data(string title, string type, JsonNode value) => new() { ["title"] = title, ["type"] = type, ["value"] = value };
}
