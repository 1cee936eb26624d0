using System.Diagnostics.CodeAnalysis;
using EcsDeploy.Deployment;
using EcsDeploy.Logging;
using EcsDeploy.Names;
using EcsDeploy.Outcomes;
using EcsDeploy.Reporting;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy;

/// <summary>Runs the story once and turns every way that it can end into an exit code.</summary>
internal sealed class PipeRunner(IReadOnlyDictionary<string, string> environment, string workingDirectory, TextWriter output, TimeProvider time)
{
    private static readonly string Version = typeof(PipeRunner).Assembly.GetName().Version?.ToString(3) ?? "";

    private readonly Redactor _redactor = new();

    // Until there is anything that could touch a service, none was touched.
    private Func<bool> _hasTouched = () => false;

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The one place where a defect of ours ends, with its stack.")]
    public async Task<ExitCode> RunAsync(CancellationToken token)
    {
        foreach (var secret in SecretVariables.In(environment))
        {
            _redactor.Add(secret);
        }

        using var log = new PipeLog(output, _redactor);
        try
        {
            return await RunAsync(log, token);
        }
        catch (Exception ended) when (token.IsCancellationRequested && ended is OperationCanceledException or PipeException)
        {
            log.Logger.Debug("It was doing this: {Message}", ended.Message);
            log.Logger.AsClosing().Error("{LastLine}", _hasTouched()
                ? "Cancelled: a rollout was begun and not seen to its end, so both versions may serve. Run the step again to follow it, or ACTION=rollback to go back"
                : "Cancelled: no service was touched, so what ran before still serves. Run the step again to go on");
            return ExitCode.Cancelled;
        }
        catch (PipeException failure)
        {
            log.Logger.ErrorLines(failure.Message);
            log.Logger.AsClosing().Error("{LastLine}", WhatServes());
            return failure.ExitCode;
        }
        catch (Exception defect)
        {
            log.Logger.Error(defect, "This is a defect of dotnet-ecs-deploy. Please report it with these lines");
            log.Logger.AsClosing().Error("{LastLine}", WhatServes());
            return ExitCode.Defect;
        }
    }

    private async Task<ExitCode> RunAsync(PipeLog pipeLog, CancellationToken token)
    {
        var (log, began) = (pipeLog.Logger, time.GetTimestamp());
        var settings = SettingsReader.Load(environment, workingDirectory);
        NotBuilt.Refuse(settings);
        if (settings.Debug)
        {
            pipeLog.IncludeDebug();
        }

        log.Information("dotnet-ecs-deploy {Version}: {Action}", Version, settings.Action.ToString().ToLowerInvariant());
        foreach (var remark in settings.Remarks)
        {
            log.Information("{Remark}", remark);
        }

        using var parts = new PipeParts(settings, ChildEnvironment.Of(environment), _redactor, time, log);
        _hasTouched = () => parts.Ecs.Client.HasTouched;
        var end = await ActAsync(settings, parts, log, token);
        return await CloseAsync(Summary(settings, end, time.GetElapsedTime(began)), settings, parts, log, token);
    }

    /// <summary>What serves after a failure that left no outcome.</summary>
    private string WhatServes() => _hasTouched()
        ? "A rollout was begun and not seen to its end, so both versions may serve. Run the step again to follow it"
        : "No service was touched: what ran before still serves";

    private static async Task<ExitCode> CloseAsync(RunSummary run, PipeSettings settings, PipeParts parts, ILogger log, CancellationToken token)
    {
        await ReportAsync(run, settings, parts, token);
        new Closing(log).Tell(run);
        if (run.Services.Count == 0)
        {
            log.AsClosing().Information("{LastLine}", settings.DryRun ? "Dry run: nothing was changed" : run.Image is { } image ? $"Pushed {image.Reference}" : "Nothing was changed");
        }

        return run.ExitCode;
    }

    private static async Task<DeploymentEnd> ActAsync(PipeSettings settings, PipeParts parts, ILogger log, CancellationToken token)
    {
        switch (settings.Action)
        {
            case PipeAction.Rollback:
                return await parts.GoingBack().RunAsync(token);
            case PipeAction.Continue or PipeAction.Stop:
                return await new RolloutActions(parts.Ecs, settings, log).RunAsync(token);
            case PipeAction.Status:
                await parts.StatusReport().TellAsync(token);
                return new DeploymentEnd(null, []);
            default:
                return await parts.Deployer(settings.Registry!).RunAsync(settings, token);
        }
    }

    private static async Task ReportAsync(RunSummary run, PipeSettings settings, PipeParts parts, CancellationToken token)
    {
        if (settings.DryRun)
        {
            return;
        }

        await parts.Files.WriteAsync(run, token);
        if (settings.Report)
        {
            await parts.Insights.SendAsync(run, token);
        }
    }

    private static RunSummary Summary(PipeSettings settings, DeploymentEnd end, TimeSpan duration) => new()
    {
        Action = settings.Action.ToString().ToLowerInvariant(),
        Environment = settings.Environment,
        Region = settings.Identity.Region,
        Partition = AwsPartition.Of(settings.Identity.Region).Name,
        Image = end.Image,
        Services = end.Services,
        ExitCode = Gravity.Gravest(end.Services.Select(service => service.Verdict.ExitCode)),
        Duration = duration,
    };
}
