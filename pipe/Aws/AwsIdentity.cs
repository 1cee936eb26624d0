namespace EcsDeploy.Aws;

/// <summary>Someone to sign as: obtained when first needed, renewed before it ends, by one caller for all.</summary>
internal sealed class AwsIdentity(string description, Func<CancellationToken, Task<AwsSession>> obtain, TimeProvider time) : IDisposable
{
    // A call that starts now must still be signed by a living session when AWS reads it, retries included.
    private static readonly TimeSpan BeforeEnd = TimeSpan.FromMinutes(5);

    // The step's token may end before the session that it bought: the last renewal it allows is the one that lasts longest.
    private static readonly TimeSpan BeforeLastChance = TimeSpan.FromMinutes(2);

    // A renewal that failed is tried again while there is time for it.
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile AwsSession? _session;
    private volatile AwsSession? _discarded;
    private long _renewFromTicks;

    private DateTimeOffset RenewFrom
    {
        get => new(Volatile.Read(ref _renewFromTicks), TimeSpan.Zero);
        set => Volatile.Write(ref _renewFromTicks, value.UtcTicks);
    }

    /// <summary>For messages: the session's ARN once it is known, else what it is to be.</summary>
    public string Description => _session?.Arn ?? description;

    /// <summary>
    /// The session as it is, without asking anyone; null before the first use. One that was discarded is given until there is another: a call that is just
    /// being signed then learns by itself that it ended.
    /// </summary>
    public AwsSession? Current => _session ?? _discarded;

    /// <summary>Keys as they are, without asking whose they are.</summary>
    public static AwsIdentity Of(AwsSession session, TimeProvider time) => new($"access key {session.Keys.AccessKeyId}", _ => Task.FromResult(session), time);

    public async Task<AwsSession> GetAsync(CancellationToken token)
    {
        await _gate.WaitAsync(token);
        try
        {
            var now = time.GetUtcNow();
            if (_session is null || now >= RenewFrom)
            {
                await RenewAsync(now, token);
            }

            return _session!;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// Renews a living session that is due, for one who is idle while others call: a token's last chance passes whether it is looked at or not. Whether that
    /// succeeded its next user learns.
    /// </summary>
    public async Task KeepAsync(CancellationToken token)
    {
        var now = time.GetUtcNow();
        if (_session is { Expires: { } end } && now < end && now >= RenewFrom)
        {
            try
            {
                await GetAsync(token);
            }
            catch (PipeException)
            {
                // It ended meanwhile.
            }
        }
    }

    /// <summary>AWS called this session expired: the next call gets another, unless someone has got one already.</summary>
    public void Discard(AwsSession session)
    {
        _discarded = session;
        Interlocked.CompareExchange(ref _session, null, session);
    }

    public void Dispose() => _gate.Dispose();

    private async Task RenewAsync(DateTimeOffset now, CancellationToken token)
    {
        try
        {
            var session = await obtain(token);
            var end = session.Expires ?? DateTimeOffset.MaxValue;
            var lastChance = session.RenewableUntil - BeforeLastChance;
            RenewFrom = end == DateTimeOffset.MaxValue ? end
                : lastChance > now && lastChance < end - BeforeEnd ? lastChance.Value
                : lastChance <= now ? end
                : end - BeforeEnd;
            _session = session;
        }
        catch (PipeException) when (_session is { Expires: { } end } && now < end)
        {
            // What is at hand still serves; when it has ended the reason is told.
            RenewFrom = now + AfterFailure < end ? now + AfterFailure : end;
        }
    }
}
