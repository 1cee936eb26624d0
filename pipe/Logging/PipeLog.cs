using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace EcsDeploy.Logging;

/// <summary>The pipe's log in the look that users know from pipes; nothing reaches the output that the redactor has not seen.</summary>
internal sealed class PipeLog : IDisposable
{
    private readonly LoggingLevelSwitch _level = new(LogEventLevel.Information);
    private readonly Logger _logger;

    public PipeLog(TextWriter output, Redactor redactor) =>
        _logger = new LoggerConfiguration().MinimumLevel.ControlledBy(_level).WriteTo.Sink(new Sink(output, redactor)).CreateLogger();

    public ILogger Logger => _logger;

    /// <summary>DEBUG: every request too, never a secret.</summary>
    public void IncludeDebug() => _level.MinimumLevel = LogEventLevel.Debug;

    public void Dispose() => _logger.Dispose();

    private sealed class Sink(TextWriter output, Redactor redactor) : ILogEventSink
    {
        private const int LongestLine = 16 * 1024;

        private readonly Lock _gate = new();
        private readonly MessageTemplateTextFormatter _message = new("{Message:lj}", CultureInfo.InvariantCulture);

        public void Emit(LogEvent logEvent)
        {
            using var text = new StringWriter(CultureInfo.InvariantCulture);
            _message.Format(logEvent, text);
            lock (_gate)
            {
                Write(logEvent, text.ToString());
                foreach (var line in logEvent.Exception?.ToString().Split('\n') ?? [])
                {
                    Write(logEvent, "  " + line);
                }

                output.Flush();
            }
        }

        private void Write(LogEvent logEvent, string line)
        {
            var (colour, prefix) = LookOf(logEvent);
            output.Write($"\e[{colour}m{prefix}{redactor.Redact(PlainText.Clean(line, LongestLine)).TrimEnd()}\e[0m\n");
        }

        // The colours and words of the shell functions that Atlassian's own pipes share (reference: official pipes, common.sh).
        private static (int Colour, string Prefix) LookOf(LogEvent logEvent) => logEvent.Level switch
        {
            LogEventLevel.Verbose or LogEventLevel.Debug => (37, "DEBUG: "),
            LogEventLevel.Information when logEvent.Properties.ContainsKey(LogMarks.Closing) => (32, "✔ "),
            LogEventLevel.Information => (36, "INFO: "),
            LogEventLevel.Warning => (33, "WARNING: "),
            _ when logEvent.Properties.ContainsKey(LogMarks.Closing) => (31, "✖ "),
            _ => (31, "ERROR: "),
        };
    }
}
