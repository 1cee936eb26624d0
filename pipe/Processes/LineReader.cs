using System.Text;

namespace EcsDeploy.Processes;

/// <summary>Cuts a program's output into lines that are safe to log, however long or strange they are.</summary>
internal static class LineReader
{
    private const int LineLimit = 4096;

    private enum Escape
    {
        None,
        Begun,
        Sequence,
    }

    public static async Task ReadAsync(TextReader reader, Action<string> onLine)
    {
        var line = new StringBuilder();
        var escape = Escape.None;
        var buffer = new char[4096];
        while (await reader.ReadAsync(buffer) is var count and > 0)
        {
            foreach (var c in buffer.AsSpan(0, count))
            {
                escape = Take(c, escape, line, onLine);
            }
        }

        Flush(line, onLine);
    }

    private static Escape Take(char c, Escape escape, StringBuilder line, Action<string> onLine)
    {
        switch (escape, c)
        {
            case (_, '\n'):
                Flush(line, onLine);
                return Escape.None;
            case (Escape.Begun, '['):
                return Escape.Sequence;
            case (Escape.Sequence, < '@' or > '~'):
                return Escape.Sequence;
            case (Escape.None, '\u001b'):
                return Escape.Begun;
            case (Escape.None, _) when line.Length < LineLimit && (c == '\t' || !char.IsControl(c)):
                line.Append(c);
                return Escape.None;
            default:
                // The end of an escape sequence, a control character, or more than a line may hold.
                return Escape.None;
        }
    }

    private static void Flush(StringBuilder line, Action<string> onLine)
    {
        if (line.Length > 0)
        {
            onLine(line.ToString());
            line.Clear();
        }
    }
}
