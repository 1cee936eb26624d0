using System.Net.Http.Headers;

namespace EcsDeploy.Registry;

/// <summary>One Authorization header for requests that run beside each other: fetched by the first that needs it, and again only after it was refused.</summary>
internal sealed class SharedHeader
{
    private readonly Lock _gate = new();
    private Task<AuthenticationHeaderValue?> _header = Task.FromResult<AuthenticationHeaderValue?>(null);

    /// <summary>Null when there is none yet, or when fetching it failed.</summary>
    public Task<AuthenticationHeaderValue?> CurrentAsync() => OrNullAsync(Seen());

    /// <summary>True when there is another header than the refused one now.</summary>
    public async Task<bool> RenewAsync(AuthenticationHeaderValue? refused, Func<Task<AuthenticationHeaderValue?>> fetchAsync)
    {
        var seen = Seen();
        await Task.WhenAny(seen);
        // A renewal that failed for another gives nobody a header: it is tried anew.
        if (seen.IsCompletedSuccessfully && !Equals(await seen, refused))
        {
            return true;
        }

        lock (_gate)
        {
            _header = _header == seen ? fetchAsync() : _header;
            seen = _header;
        }

        return !Equals(await seen, refused);
    }

    private Task<AuthenticationHeaderValue?> Seen()
    {
        lock (_gate)
        {
            return _header;
        }
    }

    private static async Task<AuthenticationHeaderValue?> OrNullAsync(Task<AuthenticationHeaderValue?> header)
    {
        await Task.WhenAny(header);
        return header.IsCompletedSuccessfully ? await header : null;
    }
}
