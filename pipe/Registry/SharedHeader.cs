using System.Net.Http.Headers;

namespace EcsDeploy.Registry;

/// <summary>One Authorization header for requests that run beside each other: fetched by the first that needs it, and again only after it was refused.</summary>
internal sealed class SharedHeader
{
    private readonly Lock _gate = new();
    private Task<AuthenticationHeaderValue?> _header = Task.FromResult<AuthenticationHeaderValue?>(null);

    /// <summary>Null when there is none yet, or when fetching it failed.</summary>
    public Task<AuthenticationHeaderValue?> CurrentAsync()
    {
        lock (_gate)
        {
            return _header.IsFaulted || _header.IsCanceled ? Task.FromResult<AuthenticationHeaderValue?>(null) : _header;
        }
    }

    /// <summary>True when there is another header than the refused one now.</summary>
    public async Task<bool> RenewAsync(AuthenticationHeaderValue? refused, Func<Task<AuthenticationHeaderValue?>> fetchAsync)
    {
        Task<AuthenticationHeaderValue?> current;
        lock (_gate)
        {
            if (_header.IsCompleted && (!_header.IsCompletedSuccessfully || Equals(_header.Result, refused)))
            {
                _header = fetchAsync();
            }

            current = _header;
        }

        return !Equals(await current, refused);
    }
}
