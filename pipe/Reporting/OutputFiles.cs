using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcsDeploy.Logging;
using EcsDeploy.Outcomes;
using Serilog;

namespace EcsDeploy.Reporting;

/// <summary>Leaves what happened in the clone for later steps: <c>deployment.json</c> whole, <c>deployment.env</c> to be sourced by a shell, <c>image.json</c> for where an image that was pushed came from.</summary>
internal sealed class OutputFiles(string clone, string directory, Redactor redactor, ILogger log)
{
    private const string Document = "deployment.json";
    private const string Variables = "deployment.env";
    private const string Image = "image.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private string Folder => Path.GetFullPath(Path.Combine(clone, directory));

    /// <summary>Takes away what an earlier run left: were this one killed, nobody should take that for its outcome.</summary>
    public void Clear()
    {
        foreach (var name in (string[])[Document, Variables, Image])
        {
            try
            {
                File.Delete(Path.Combine(Folder, name));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Writing fails for the same reason, and says so.
            }
        }
    }

    /// <summary>
    /// A disk that is full or read-only does not change how the deployment ended: it is said, not failed. Of a dry run nothing is left, since a
    /// step that reads an exit code of 0 would take it for a deployment.
    /// </summary>
    public async Task WriteAsync(RunSummary run, CancellationToken token)
    {
        if (run.DryRun)
        {
            return;
        }

        var folder = Folder;
        try
        {
            Directory.CreateDirectory(folder);
            await ReplaceAsync(Path.Combine(folder, Document), Of(run).ToJsonString(Indented) + "\n", token);
            await ReplaceAsync(Path.Combine(folder, Variables), Lines(run), token);
            if (run.Image is { IsFound: false } image)
            {
                await ReplaceAsync(Path.Combine(folder, Image), ImageRecord.Of(image).ToJsonString(Indented) + "\n", token);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            log.Warning("The files for later steps could not be written to {Folder}: {Reason}", folder, failure.Message);
        }
    }

    private JsonObject Of(RunSummary run) => new()
    {
        ["action"] = run.Action,
        ["environment"] = run.Environment,
        ["region"] = run.Region,
        ["exitCode"] = (int)run.ExitCode,
        ["seconds"] = Math.Round(run.Duration.TotalSeconds, 1),
        ["image"] = run.Image is { } image ? Of(image) : null,
        ["services"] = new JsonArray([.. run.Services.Select(service => Of(run, service))]),
    };

    private static JsonObject Of(PushedImage image) => new()
    {
        ["reference"] = image.Reference,
        ["repository"] = image.Repository.Address,
        ["digest"] = image.Digest.Text,
        ["tags"] = new JsonArray([.. image.Tags.Select(tag => JsonValue.Create(tag.Text))]),
        ["sentBytes"] = image.SentBytes,
    };

    private JsonObject Of(RunSummary run, RolloutOutcome service) => new()
    {
        ["cluster"] = service.Cluster,
        ["service"] = service.Service,
        ["verdict"] = service.Verdict.Words,
        ["exitCode"] = (int)service.Verdict.ExitCode,
        ["reasons"] = new JsonArray([.. service.Verdict.Reasons.Select(reason => JsonValue.Create(redactor.Redact(reason)))]),
        ["lastLine"] = redactor.Redact(service.LastLine),
        ["taskDefinition"] = service.After,
        ["previousTaskDefinition"] = service.Before,
        ["deploymentId"] = service.DeploymentId,
        ["serviceDeployment"] = service.ServiceDeployment,
        ["page"] = ConsoleAddress.Of(run, service).AbsoluteUri,
    };

    // Only values that were parsed into names: nothing in them can end a line or a quote.
    private static string Lines(RunSummary run)
    {
        var lines = new StringBuilder();
        if (run.Image is { } image)
        {
            lines.Append("DEPLOYED_IMAGE=").Append(image.Reference).Append('\n');
            lines.Append("DEPLOYED_DIGEST=").Append(image.Digest.Text).Append('\n');
        }

        lines.Append("DEPLOY_EXIT_CODE=").Append((int)run.ExitCode).Append('\n');
        return lines.ToString();
    }

    private static async Task ReplaceAsync(string path, string text, CancellationToken token)
    {
        var beside = path + ".new";
        await File.WriteAllTextAsync(beside, text, token);
        File.Move(beside, path, overwrite: true);
    }
}
