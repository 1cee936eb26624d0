namespace EcsDeploy.Aws;

/// <summary>Someone to sign as: obtained when first needed, renewed before it ends, by one caller for all.</summary>
internal sealed class AwsIdentity(string description, Func<CancellationToken, Task<AwsSession>> obtain, TimeProvider time) : IDisposable
{
    // A call that starts now must still be signed by a living session when AWS reads it, retries included.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile AwsSession? _session;

    /// <summary>For messages: the session's ARN once it is known, else what it is to be.</summary>
    public string Description => _session?.Arn ?? description;

    /// <summary>The session as it is, without asking anyone; null before the first use.</summary>
    public AwsSession? Current => _session;

    public static AwsIdentity Of(AwsSession session, TimeProvider time) =>
        new($"access key {session.Keys.AccessKeyId}", _ => Task.FromResult(session), time) { _session = session };

    public async Task<AwsSession> GetAsync(CancellationToken token)
    {
        if (_session is { } session && Lives(session))
        {
            return session;
        }

        await _gate.WaitAsync(token);
        try
        {
            return _session is { } renewed && Lives(renewed) ? renewed : _session = await obtain(token);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>AWS called this session expired: the next call gets another, unless someone has got one already.</summary>
    public void Discard(AwsSession session) => Interlocked.CompareExchange(ref _session, null, session);

    public void Dispose() => _gate.Dispose();

    // A short session (900 s) is renewed at its last third rather than all the time.
    private bool Lives(AwsSession session) => session.Expires is not { } end || end - time.GetUtcNow() > Margin;
}
