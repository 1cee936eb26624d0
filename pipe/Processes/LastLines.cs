namespace EcsDeploy.Processes;

/// <summary>Passes lines on, one at a time, and keeps the last of them.</summary>
internal sealed class LastLines(Action<OutputLine> onLine)
{
    private const int Kept = 40;

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new();
    private bool _closed;

    public void Add(OutputLine line)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            _lines.Enqueue(line.Text);
            if (_lines.Count > Kept)
            {
                _lines.Dequeue();
            }

            onLine(line);
        }
    }

    /// <summary>What was kept; nothing is passed on after this.</summary>
    public IReadOnlyList<string> Close()
    {
        lock (_lock)
        {
            _closed = true;
            return [.. _lines];
        }
    }
}
