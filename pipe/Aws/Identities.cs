using System.Collections.Concurrent;
using EcsDeploy.Logging;
using EcsDeploy.Names;
using EcsDeploy.Settings;

namespace EcsDeploy.Aws;

/// <summary>One identity per account and purpose, each obtained when it is first needed, and the clients that sign as them.</summary>
internal sealed class Identities : IDisposable
{
    private readonly IdentitySettings _settings;
    private readonly RegistrySettings? _registry;
    private readonly AwsConnections _connections;
    private readonly Redactor _redactor;
    private readonly AccountGuard _guard;

    /// <summary>The keys as they are, asked of nobody; null without keys, and then no way in leads over them.</summary>
    private readonly AwsIdentity? _keys;
    private readonly ConcurrentDictionary<WayIn, Lazy<AwsIdentity>> _identities = new();
    private readonly ConcurrentDictionary<(string Service, AwsPurpose Purpose, string Region), Lazy<AwsJsonClient>> _clients = new();

    private readonly ConcurrentDictionary<(AwsPurpose Purpose, string Region, bool Fips, bool DualStack), Lazy<AwsJsonClient>> _registries = new();

    public Identities(IdentitySettings settings, RegistrySettings? registry, AwsConnections connections, Redactor redactor)
    {
        (_settings, _registry, _connections, _redactor) = (settings, registry, connections, redactor);
        _guard = new AccountGuard(settings.AllowedAccounts);
        redactor.Add(settings.OidcToken?.Reveal());
        redactor.Add(settings.Keys?.SecretAccessKey.Reveal());
        redactor.Add(settings.Keys?.SessionToken?.Reveal());
        _keys = settings.Keys is { } keys ? AwsIdentity.Of(new AwsSession { Keys = keys }, connections.Time) : null;
        Warn();
    }

    /// <summary>The client of one service; the identity behind it is obtained by its first call.</summary>
    /// <param name="service">The signing name.</param>
    /// <param name="purpose">Whom it signs as.</param>
    /// <param name="region">Null for the region of the purpose's own account.</param>
    public AwsJsonClient Client(string service, AwsPurpose purpose, string? region = null) =>
        _clients.GetOrAdd((service, purpose, region ?? RegionOf(purpose)), key => new(() => new AwsJsonClient(key.Service, key.Region, IdentityFor(key.Purpose), _connections, StandIn(key.Purpose), KeepAsync))).Value;

    /// <summary>ECR's own API for a repository, at the kind of host that the repository is written with.</summary>
    public AwsJsonClient Client(EcrRepository repository, AwsPurpose purpose) =>
        _registries.GetOrAdd((purpose, repository.Region, repository.Fips, repository.DualStack), key =>
            new(() => new AwsJsonClient("ecr", key.Region, IdentityFor(key.Purpose), _connections.To(repository), StandIn(key.Purpose), KeepAsync))).Value;

    /// <summary>Obtains the identity if it is not there yet; gives the ARN that AWS sees.</summary>
    public async Task<string> SignInAsync(AwsPurpose purpose, CancellationToken token)
    {
        var identity = IdentityFor(purpose);
        await identity.GetAsync(token);
        return identity.Description;
    }

    /// <summary>Whose registry is asked follows from what a project or a task definition names; accounts that were named hold for it too.</summary>
    public void CheckRegistry(EcrRepository repository)
    {
        if (_settings.AccountsGiven)
        {
            _guard.Check(repository.Account.Text, $"the repository {repository}");
        }
    }

    public void Dispose()
    {
        _keys?.Dispose();
        foreach (var client in _clients.Values.Concat(_registries.Values).Where(client => client.IsValueCreated))
        {
            client.Value.Dispose();
        }

        foreach (var identity in _identities.Values.Where(identity => identity.IsValueCreated))
        {
            identity.Value.Dispose();
        }
    }

    /// <summary>The registry's identity has nothing to do while a rollout is followed, and is needed after it.</summary>
    private Task KeepAsync(CancellationToken token) =>
        Task.WhenAll(_identities.Values.Where(identity => identity.IsValueCreated).Select(identity => identity.Value.KeepAsync(token)));

    private AwsIdentity IdentityFor(AwsPurpose purpose)
    {
        var way = WayIn.Of(_settings, purpose);
        if (way.Role is { } role)
        {
            // The account stands in the role's ARN, so that nothing at all is called in a wrong one.
            _guard.Check(role.Account, $"the role {role}");
            if (_settings is { AccountsGiven: true, BaseRole: { } first })
            {
                // Only on the way, but the way is called too.
                _guard.Check(first.Account, $"the role {first}");
            }

            return Cached(way, RegionOf(purpose));
        }

        return _identities.GetOrAdd(way, _ => new(() => OwnKeys(RegionOf(purpose)))).Value;
    }

    private AwsIdentity Cached(WayIn way, string region) => _identities.GetOrAdd(way, _ => new(() => Entered(way, region))).Value;

    private AwsIdentity Entered(WayIn way, string region)
    {
        var signIn = new SignIn(Sts(region), _connections.Log, _settings.DeploymentEnvironment);
        if (way is WayIn.ByToken byToken)
        {
            return new AwsIdentity(way.Description, token => signIn.ByTokenAsync(byToken, token), _connections.Time);
        }

        var (before, role) = (WayIn.Assumed)way;
        // Accounts that were named hold for the keys' own too, which is known only by asking.
        var from = before is not WayIn.Plain ? Cached(before, region)
            : _settings.AccountsGiven ? _identities.GetOrAdd(before, _ => new(() => OwnKeys(region))).Value
            : _keys!;
        return new AwsIdentity(way.Description, token => signIn.FromAsync(from, role, token), _connections.Time);
    }

    // Keys do not say whose they are: that is asked before anything else.
    private AwsIdentity OwnKeys(string region) => new(
        _keys!.Description,
        async token =>
        {
            var (arn, account) = await Sts(region).WhoIsAsync(_keys, token);
            _guard.Check(account, _keys.Description, "Nothing but sts:GetCallerIdentity was called there, which says whose the keys are.");
            _connections.Log.Information("Acting as {Arn}", arn);
            return (await _keys.GetAsync(token)) with { Arn = arn };
        },
        _connections.Time);

    private SecurityTokenService Sts(string region) => new(region, _settings.SessionName, _redactor, _connections);

    private string StandIn(AwsPurpose purpose) => purpose switch
    {
        AwsPurpose.Roll => _settings.RollStandIn,
        AwsPurpose.Push => _settings.PushStandIn,
        _ => string.Empty,
    };

    private string RegionOf(AwsPurpose purpose) => purpose switch
    {
        AwsPurpose.Push => _registry?.Repository.Region ?? _settings.Region,
        AwsPurpose.Source => _registry?.Source?.Region ?? _settings.Region,
        _ => _settings.Region,
    };

    private void Warn()
    {
        if (_settings.Keys is null)
        {
            return;
        }

        if (WayIn.UsesToken(_settings))
        {
            _connections.Log.Warning("The step has an OIDC token and access keys were given too: the token is used, the keys are not. Remove AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
        }
        else if (_settings.OidcRole is not null)
        {
            _connections.Log.Warning("AWS_OIDC_ROLE_ARN is not used: the step has no OIDC token, so the access keys are used. Add `oidc: true` to the step to use the role");
        }
    }
}
