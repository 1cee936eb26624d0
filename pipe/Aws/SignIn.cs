using System.Globalization;
using EcsDeploy.Names;
using Serilog;

namespace EcsDeploy.Aws;

/// <summary>
/// Takes one role, by token or from another identity; said to the log once. An hour is granted always, so it is asked for without a call too many; a token's
/// end is the end of renewing, and then the longest session that the role allows is looked for.
/// </summary>
/// <param name="sts">Asked for the role.</param>
/// <param name="log">Told who acts, and until when.</param>
/// <param name="environment">The step's deployment environment, for the advice on a refusal; null when it has none.</param>
internal sealed class SignIn(SecurityTokenService sts, ILogger log, string? environment)
{
    // The least that a role's maximum can be, and the most that a session which takes a role gets, whatever the role allows.
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    // The maximum that a role allows is known only by asking; these are the ones that IAM's console offers, 12 h the most STS knows.
    private static readonly TimeSpan[] Durations = [TimeSpan.FromHours(12), TimeSpan.FromHours(8), TimeSpan.FromHours(4), TimeSpan.FromHours(2), Hour];

    private int _granted;
    private bool _told;

    public async Task<AwsSession> ByTokenAsync(WayIn.ByToken way, CancellationToken token)
    {
        var claims = OidcToken.Read(way.Token);
        try
        {
            var session = _told
                ? await LongestAsync(duration => sts.AssumeByTokenAsync(way.Role, way.Token, duration, token))
                : await sts.AssumeByTokenAsync(way.Role, way.Token, Hour, token);
            return Told(session with { RenewableUntil = claims?.Expires });
        }
        catch (AwsException refusal) when (refusal.Status > 0)
        {
            throw SignInRefusals.OfToken(refusal, claims, way.Role, environment);
        }
    }

    public async Task<AwsSession> FromAsync(AwsIdentity from, Arn role, CancellationToken token)
    {
        var first = await from.GetAsync(token);
        try
        {
            var session = await sts.AssumeAsync(from, role, Hour, token);
            return Told(session with { RenewableUntil = first.Expires });
        }
        catch (AwsException refusal) when (refusal.Status > 0)
        {
            throw SignInRefusals.OfChain(refusal, first.Arn ?? from.Description, role);
        }
    }

    private async Task<AwsSession> LongestAsync(Func<TimeSpan, Task<AwsSession>> assume)
    {
        while (true)
        {
            try
            {
                return await assume(Durations[_granted]);
            }
            catch (AwsException refusal) when (_granted < Durations.Length - 1 && IsTooLong(refusal))
            {
                _granted++;
            }
        }
    }

    // "The requested DurationSeconds exceeds the MaxSessionDuration set for this role." (authorization reference §2.4)
    private static bool IsTooLong(AwsException refusal) =>
        refusal.Code.StartsWith("ValidationError", StringComparison.Ordinal) && refusal.AwsMessage.Contains("DurationSeconds exceeds", StringComparison.Ordinal);

    private AwsSession Told(AwsSession session)
    {
        if (_told)
        {
            log.Debug("Renewed the session of {Arn} until {Until}", session.Arn, Clock(session.Expires));
            return session;
        }

        _told = true;
        var last = session.RenewableUntil + Hour;
        if (session.RenewableUntil is not null && last > session.Expires)
        {
            log.Information("Acting as {Arn} until {Until}, renewed until {Last} at least", session.Arn, Clock(session.Expires), Clock(last));
        }
        else
        {
            log.Information("Acting as {Arn} until {Until}{Renewed}", session.Arn, Clock(session.Expires), session.RenewableUntil is null ? ", renewed as needed" : string.Empty);
        }

        return session;
    }

    private static string Clock(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "an unknown time";
}
