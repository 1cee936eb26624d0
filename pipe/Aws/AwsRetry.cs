using System.Security.Cryptography;
using EcsDeploy.Time;

namespace EcsDeploy.Aws;

/// <summary>How often and after which pause a call of AWS is repeated; the failure says whether it may be.</summary>
internal sealed class AwsRetry(TimeProvider time)
{
    // Throttling passes, and at the documented bucket of one call a second it takes a while; a broken service or network is told of sooner.
    private const int MostThrottled = 12;
    private const int MostOthers = 6;

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestAsked = TimeSpan.FromMinutes(1);

    /// <summary>Null when the failure is final.</summary>
    /// <param name="failure">What came back of the last attempt.</param>
    /// <param name="repeatable">Whether the call may be made twice; if not, only what AWS provably did not act on is repeated.</param>
    /// <param name="attempt">1 for the first.</param>
    public static TimeSpan? PauseAfter(AwsFailure failure, bool repeatable, int attempt)
    {
        var (mayRepeat, most) = failure.Kind switch
        {
            AwsFailureKind.Throttled => (true, MostThrottled),
            AwsFailureKind.NotReached => (true, MostOthers),
            AwsFailureKind.ServerError or AwsFailureKind.AnswerLost => (repeatable, MostOthers),
            _ => (false, 0),
        };
        return mayRepeat && attempt < most ? Pause(failure.RetryAfter, attempt) : null;
    }

    public Task PauseAsync(TimeSpan pause, CancellationToken token) => Waiting.ForAsync(pause, time, token);

    // Exponential, with half of it by chance, so that the callers that were throttled together do not come back together.
    private static TimeSpan Pause(TimeSpan? asked, int attempt)
    {
        var full = Math.Min(First.TotalMilliseconds * Math.Pow(2, attempt - 1), Longest.TotalMilliseconds);
        var pause = TimeSpan.FromMilliseconds((full / 2) + RandomNumberGenerator.GetInt32((int)(full / 2) + 1));
        return asked is { } wish && wish > pause ? TimeSpan.FromTicks(Math.Min(wish.Ticks, LongestAsked.Ticks)) : pause;
    }
}
