namespace EcsDeploy.Aws;

/// <summary>Makes one call until it succeeds or is final: obtains the session, bounds each try, pauses between them, renews an expired session once.</summary>
internal sealed class AwsAttempt(AwsCall call, AwsIdentity? identity, AwsConnections connections)
{
    // AWS answers these calls in well under a second; after this the answer is not coming.
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);

    private bool _renewed;

    /// <param name="send">Sends once; gives the answer and its request id.</param>
    /// <param name="repeatable">Whether the call may be made twice.</param>
    /// <param name="token">Ends the whole of it.</param>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<(T Answer, string RequestId)>> send, bool repeatable, CancellationToken token)
    {
        for (var count = 1; ; count++)
        {
            var session = identity is null ? null : await identity.GetAsync(token);
            var (answer, failure, cause) = await OnceAsync(send, count, token);
            if (failure is null)
            {
                return answer!;
            }

            if (failure.Kind == AwsFailureKind.Expired && session is { Expires: not null } && !_renewed)
            {
                _renewed = true;
                identity!.Discard(session);
                continue;
            }

            var pause = AwsRetry.PauseAfter(failure, repeatable, count) ?? throw AwsException.From(failure, cause);
            await connections.Retry.PauseAsync(pause, token);
        }
    }

    private async Task<(T? Answer, AwsFailure? Failure, Exception? Cause)> OnceAsync<T>(
        Func<CancellationToken, Task<(T Answer, string RequestId)>> send, int count, CancellationToken token)
    {
        var started = connections.Time.GetTimestamp();
        using var timeout = new CancellationTokenSource(AnswerTimeout, connections.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(token, timeout.Token);
        try
        {
            var (answer, requestId) = await send(both.Token);
            connections.Log.Debug(
                "{Service}:{Operation} in {Region} answered in {Duration} ms, request id {RequestId}",
                call.Service, call.Operation, call.Region, Elapsed(started), requestId);
            return (answer, null, null);
        }
        catch (Exception e) when (SdkFailures.IsKnown(e))
        {
            // Whatever came back at that moment: the run is over because somebody ended it.
            token.ThrowIfCancellationRequested();
            var named = call with { Identity = identity?.Description ?? call.Identity };
            var failure = SdkFailures.Read(e, named) with { Attempts = count, Address = connections.AddressOf(call.Service, call.Region).GetLeftPart(UriPartial.Authority) };
            connections.Log.Debug(
                "{Service}:{Operation} in {Region} failed after {Duration} ms, attempt {Attempt}: {Code} {Status} {Message}, request id {RequestId}",
                call.Service, call.Operation, call.Region, Elapsed(started), count, failure.Code, failure.Status, failure.Message, failure.RequestId);
            return (default, failure, e);
        }
    }

    private long Elapsed(long started) => (long)connections.Time.GetElapsedTime(started).TotalMilliseconds;
}
