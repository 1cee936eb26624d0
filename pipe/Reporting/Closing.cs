using EcsDeploy.Logging;
using EcsDeploy.Outcomes;
using Serilog;

namespace EcsDeploy.Reporting;

/// <summary>The end of the log: why, where to look, and on the last line what serves now and how to go back.</summary>
internal sealed class Closing(ILogger log)
{
    public void Tell(RunSummary run)
    {
        foreach (var service in run.Services)
        {
            Explain(service);
            log.Information("Deployments of {Service}: {Page}", service.Service, ConsoleAddress.Of(run, service).AbsoluteUri);
        }

        foreach (var service in run.Services)
        {
            if (service.Verdict.IsGood)
            {
                log.AsClosing().Information("{LastLine}", service.LastLine);
            }
            else
            {
                log.AsClosing().Error("{LastLine}", service.LastLine);
            }
        }
    }

    private void Explain(RolloutOutcome service)
    {
        foreach (var remark in service.Remarks)
        {
            log.Warning("{Service}: {Remark}", service.Service, remark);
        }

        foreach (var reason in service.Verdict.Reasons)
        {
            log.Error("{Service}: {Reason}", service.Service, reason);
        }

        foreach (var line in service.ContainerLog)
        {
            log.Error("  {Line}", line);
        }
    }
}
