using Serilog;

namespace EcsDeploy.Logging;

/// <summary>The two things a pipe's log has beside levels: closing lines with a tick or a cross, and reports of several lines.</summary>
internal static class LogMarks
{
    internal const string Closing = "Closing";

    /// <summary>A log whose information lines begin with ✔ and whose error lines begin with ✖.</summary>
    public static ILogger AsClosing(this ILogger log) => log.ForContext(Closing, true);

    /// <summary>Logs a report line by line: the one way for a line break to get into the log.</summary>
    public static void ErrorLines(this ILogger log, string report)
    {
        foreach (var line in report.Split('\n'))
        {
            log.Error("{Line}", line);
        }
    }
}
