using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Sandbox.Worlds;

namespace Sandbox.Ecr;

/// <summary>The passwords that GetAuthorizationToken gives out: each stands for the principal that asked, in one region, for 12 hours (API AuthorizationData).</summary>
public sealed class RegistryTokens(TimeProvider clock)
{
    /// <summary>Documented and fixed.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private readonly ConcurrentDictionary<string, RegistryToken> _tokens = new(StringComparer.Ordinal);

    public IEnumerable<RegistryToken> All => _tokens.Values;

    /// <summary>Gives a password, which goes with the user name AWS.</summary>
    public RegistryToken Issue(Caller caller, string region)
    {
        // As long as ECR's own: a header of more than 2 kB.
        var payload = Convert.ToBase64String(RandomNumberGenerator.GetBytes(1200));
        var password = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"payload":"{{payload}}","version":"2","type":"DATA_KEY"}"""));
        var token = new RegistryToken(password, caller, region, clock.GetUtcNow() + Lifetime);
        _tokens[password] = token;
        return token;
    }

    /// <summary>Null for a password that was never given out; an expired one is found, so that it can be refused in its own words.</summary>
    internal RegistryToken? Find(string password) => _tokens.GetValueOrDefault(password);

    internal bool IsExpired(RegistryToken token) => clock.GetUtcNow() >= token.Expires;
}

/// <summary>One password and what it stands for.</summary>
public sealed record RegistryToken(string Password, Caller Caller, string Region, DateTimeOffset Expires)
{
    /// <summary>As the API gives it and as a Basic header takes it.</summary>
    public string Encoded => Convert.ToBase64String(Encoding.UTF8.GetBytes("AWS:" + Password));
}
