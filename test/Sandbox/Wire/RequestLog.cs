using System.Collections.Concurrent;

namespace Sandbox.Wire;

/// <summary>Keeps the requests that were answered, the newest hundred thousand of them, and every defect of the sandbox itself.</summary>
public sealed class RequestLog
{
    private const int Kept = 100_000;

    private readonly ConcurrentQueue<RequestRecord> _requests = new();
    private readonly ConcurrentQueue<string> _defects = new();

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<RequestRecord> Requests => [.. _requests];

    /// <summary>What the sandbox itself did wrong; a test that finds one here fails.</summary>
    public IReadOnlyList<string> Defects => [.. _defects];

    internal void Add(RequestRecord record)
    {
        _requests.Enqueue(record);
        if (_requests.Count > Kept)
        {
            _requests.TryDequeue(out _);
        }
    }

    internal void AddDefect(string defect) => _defects.Enqueue(defect);
}
