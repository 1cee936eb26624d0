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
    private Func<IReadOnlyList<string>> _touched = () => [];

    // What is known of the run so far, and where it is to be left; null until there is anything to say.
    private (OutputFiles Files, RunSummary Summary, long Began)? _known;

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
            return await EndAsync(log.Logger, ExitCode.Cancelled, _touched() is { Count: > 0 } touched
                ? [.. touched.Select(words => $"Cancelled: {words}")]
                : ["Cancelled: no service was touched, so what ran before still serves. Run the step again to go on"]);
        }
        catch (PipeException failure)
        {
            log.Logger.ErrorLines(failure.Message);
            return await EndAsync(log.Logger, failure.ExitCode, WhatServes());
        }
        catch (Exception defect)
        {
            log.Logger.Error(defect, "This is a defect of dotnet-ecs-deploy. Please report it with these lines");
            return await EndAsync(log.Logger, ExitCode.Defect, WhatServes());
        }
    }

    private async Task<ExitCode> RunAsync(PipeLog pipeLog, CancellationToken token)
    {
        var (log, began) = (pipeLog.Logger, time.GetTimestamp());
        Outline(log, began);
        var settings = SettingsReader.Load(environment, workingDirectory);
        Know(Summary(settings, new DeploymentEnd(null, []), TimeSpan.Zero));
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
        _touched = () => parts.Ecs.Client.Touched.Words;
        var end = await ActAsync(settings, parts, log, token);
        var run = Summary(settings, end, time.GetElapsedTime(began));
        await ReportAsync(run, settings, parts, token);
        Close(run, end.Seen, settings, log);
        return run.ExitCode;
    }

    /// <summary>Later steps find this run's end and no earlier one's, whatever comes next.</summary>
    private void Outline(ILogger log, long began)
    {
        var outline = RunOutline.Read(environment, workingDirectory);
        if (outline.OutputDirectory is { } directory)
        {
            var files = new OutputFiles(outline.CloneDirectory, directory, _redactor, log);
            files.Clear();
            var summary = new RunSummary { Action = outline.Action, Environment = outline.Environment, DryRun = outline.DryRun, ExitCode = ExitCode.Settings, Duration = TimeSpan.Zero };
            _known = (files, summary, began);
        }
    }

    private void Know(RunSummary summary) => _known = _known is var (files, _, began) ? (files, summary, began) : null;

    /// <summary>The end of a run that did not come to its own: said on the last line, and left for later steps.</summary>
    private async Task<ExitCode> EndAsync(ILogger log, ExitCode exit, IReadOnlyList<string> lastLines)
    {
        if (_known is var (files, summary, began))
        {
            // A step that is asked to end has time for three small files. What a defect stumbled over is not tried again.
            var run = summary with { ExitCode = exit, Duration = time.GetElapsedTime(began), Services = exit == ExitCode.Defect ? [] : summary.Services };
            await files.WriteAsync(run, CancellationToken.None);
        }

        foreach (var line in lastLines)
        {
            log.AsClosing().Error("{LastLine}", line);
        }

        return exit;
    }

    /// <summary>What serves after a failure that left no outcome.</summary>
    private IReadOnlyList<string> WhatServes() => _touched() is { Count: > 0 } touched ? touched : ["No service was touched: what ran before still serves"];

    private static void Close(RunSummary run, IReadOnlyList<string> seen, PipeSettings settings, ILogger log)
    {
        new Closing(log).Tell(run);
        foreach (var line in run.Services.Count > 0 ? [] : seen.Count > 0 ? seen : [LastLine(settings, run.Image)])
        {
            log.AsClosing().Information("{LastLine}", line);
        }
    }

    private static string LastLine(PipeSettings settings, PushedImage? image) => (settings.DryRun, image) switch
    {
        (true, _) => "Dry run: nothing was changed",
        (_, { SentBytes: 0 }) => $"Every layer was there already: {image.Reference} is in the registry, tagged {string.Join(", ", image.Tags.Select(tag => tag.Text))}",
        (_, not null) => $"Pushed {image.Reference}",
        _ => "Nothing was changed",
    };

    private static async Task<DeploymentEnd> ActAsync(PipeSettings settings, PipeParts parts, ILogger log, CancellationToken token) => settings.Action switch
    {
        PipeAction.Rollback => await parts.GoingBack().RunAsync(token),
        PipeAction.Continue or PipeAction.Stop => await new RolloutActions(parts.Ecs, settings, log).RunAsync(token),
        PipeAction.Status => new DeploymentEnd(null, []) { Seen = await parts.StatusReport().TellAsync(token) },
        _ => await parts.Deployer(settings.Registry!).RunAsync(settings, token),
    };

    private async Task ReportAsync(RunSummary run, PipeSettings settings, PipeParts parts, CancellationToken token)
    {
        Know(run);
        await (_known?.Files.WriteAsync(run, token) ?? Task.CompletedTask);
        if (settings.Report && !settings.DryRun)
        {
            await parts.Insights.SendAsync(run, token);
        }
    }

    private static RunSummary Summary(PipeSettings settings, DeploymentEnd end, TimeSpan duration) => new()
    {
        Action = settings.Action.ToString().ToLowerInvariant(),
        DryRun = settings.DryRun,
        Environment = settings.Environment,
        Region = settings.Identity.Region,
        Partition = AwsPartition.Of(settings.Identity.Region).Name,
        Image = end.Image,
        Services = end.Services,
        ExitCode = Gravity.Gravest(end.Services.Select(service => service.Verdict.ExitCode)),
        Duration = duration,
    };
}
