using System.Net.Http.Headers;
using System.Text;
using EcsDeploy.Settings;

namespace EcsDeploy.Registry;

/// <summary>Sends a user name and password with the first request already, as ECR takes it: no round trip is spent on being asked.</summary>
internal sealed class BasicAuthorization(Func<CancellationToken, Task<RegistryLogin>> login) : IRegistryAuthorization, IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private AuthenticationHeaderValue? _header;

    public async Task<AuthenticationHeaderValue?> HeaderAsync(CancellationToken token)
    {
        if (_header is null)
        {
            await RenewAsync(null, [], token);
        }

        return _header;
    }

    public async Task<bool> RenewAsync(AuthenticationHeaderValue? refused, IReadOnlyList<Challenge> challenges, CancellationToken token)
    {
        await _one.WaitAsync(token);
        try
        {
            // Several requests are refused at once when a token runs out: the first fetches a new one, the others take it.
            if (Equals(_header, refused))
            {
                _header = For(await login(token));
            }

            return !Equals(_header, refused);
        }
        finally
        {
            _one.Release();
        }
    }

    public static AuthenticationHeaderValue For(RegistryLogin login) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.UserName}:{login.Password.Reveal()}")));

    public void Dispose() => _one.Dispose();
}
