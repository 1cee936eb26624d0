using System.Diagnostics.CodeAnalysis;
using EcsDeploy.Aws;
using EcsDeploy.Delivery;
using EcsDeploy.Deployment;
using EcsDeploy.Ecr;
using EcsDeploy.Ecs;
using EcsDeploy.Images;
using EcsDeploy.Logging;
using EcsDeploy.Outcomes;
using EcsDeploy.Processes;
using EcsDeploy.Reporting;
using EcsDeploy.Settings;
using Serilog;

namespace EcsDeploy;

/// <summary>Wires the parts, runs the story once and turns every way that it can end into an exit code.</summary>
internal sealed class PipeRunner(IReadOnlyDictionary<string, string> environment, TextWriter output, TimeProvider time)
{
    private readonly Redactor _redactor = new();

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The one place where a defect of ours ends, with its stack.")]
    public async Task<ExitCode> RunAsync(CancellationToken token)
    {
        using var log = new PipeLog(output, _redactor);
        try
        {
            return await RunAsync(log, token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            log.Logger.Error("Cancelled");
            return ExitCode.Cancelled;
        }
        catch (PipeException failure)
        {
            Closing(log.Logger).Error("{Message}", failure.Message);
            return failure.ExitCode;
        }
        catch (Exception defect)
        {
            log.Logger.Error(defect, "This is a defect of dotnet-ecs-deploy; please report it with these lines");
            return ExitCode.Defect;
        }
    }

    private static ILogger Closing(ILogger log) => log.ForContext(LogMarks.Closing, true);
}
