using System.Net.Http.Headers;
using System.Text;
using EcsDeploy.Settings;

namespace EcsDeploy.Registry;

/// <summary>Sends a user name and password with the first request already, as ECR takes it: no round trip is spent on being asked.</summary>
internal sealed class BasicAuthorization(Func<CancellationToken, Task<RegistryLogin>> login) : IRegistryAuthorization
{
    private readonly SharedHeader _header = new();

    public async Task<AuthenticationHeaderValue?> HeaderAsync(CancellationToken token)
    {
        if (await _header.CurrentAsync() is null)
        {
            await RenewAsync(null, [], token);
        }

        return await _header.CurrentAsync();
    }

    public Task<bool> RenewAsync(AuthenticationHeaderValue? refused, IReadOnlyList<Challenge> challenges, CancellationToken token) =>
        _header.RenewAsync(refused, async () => For(await login(token)));

    public static AuthenticationHeaderValue For(RegistryLogin login) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.UserName}:{login.Password.Reveal()}")));
}
