namespace EcsDeploy.Registry;

/// <summary>Ends a transfer in which nothing moves any more: a dead connection is otherwise noticed only when the step times out.</summary>
internal sealed class TransferWatch : IDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>A registry checks a large blob's digest before it answers, at some 100 MB a second.</summary>
    private static readonly TimeSpan LimitAfterBody = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _stalled;
    private readonly CancellationTokenSource _either;

    public TransferWatch(TimeProvider time, CancellationToken caller)
    {
        Caller = caller;
        _stalled = new CancellationTokenSource(Limit, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_stalled.Token, caller);
    }

    /// <summary>Cancelled by the caller alone: for waits that have limits of their own.</summary>
    public CancellationToken Caller { get; }

    /// <summary>Cancelled by the caller or by standing still.</summary>
    public CancellationToken Token => _either.Token;

    public bool HasStalled => _stalled.IsCancellationRequested && !Caller.IsCancellationRequested;

    /// <summary>
    /// Whether this means that there was no answer, rather than that the caller wants none. A connection that could not be opened in time ends as a
    /// cancellation too, one that nobody asked for (SocketsHttpHandler.ConnectTimeout).
    /// </summary>
    public bool IsUnanswered(Exception failure) =>
        failure is HttpRequestException or IOException || (failure is OperationCanceledException && !Token.IsCancellationRequested);

    /// <summary>Nothing is being transferred until something moves.</summary>
    public void Pause() => _stalled.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Moved() => _stalled.CancelAfter(Limit);

    /// <summary>The whole body is out; what is missing is the answer.</summary>
    public void Sent() => _stalled.CancelAfter(LimitAfterBody);

    public void Dispose()
    {
        _either.Dispose();
        _stalled.Dispose();
    }
}
