using EcsDeploy.Names;
using EcsDeploy.Settings;

namespace EcsDeploy.Aws;

/// <summary>How an identity is come by: keys as they are, a role by the step's OIDC token, a role from another identity.</summary>
internal abstract record WayIn
{
    /// <summary>Whom it leads to, for messages before the session's own ARN is known.</summary>
    public abstract string Description { get; }

    /// <summary>The role that is acted as; null for keys as they are.</summary>
    public virtual Arn? Role => null;

    public static WayIn Of(IdentitySettings settings, AwsPurpose purpose)
    {
        var role = RoleFor(settings, purpose);
        if (settings.BaseRole is not { } first)
        {
            return role is null ? PlainKeys(settings) : Enter(settings, role);
        }

        var entered = Enter(settings, first);
        return role is null || role == first ? entered : new Assumed(entered, role);
    }

    /// <summary>The roles that are taken with the step's token; empty when keys are used.</summary>
    public static bool UsesToken(IdentitySettings settings) =>
        settings.OidcToken is not null && (settings.BaseRole ?? RoleFor(settings, AwsPurpose.Push) ?? RoleFor(settings, AwsPurpose.Roll)) is not null;

    // A role of its own, else the one for everything, else the other account's: with only one given it serves both.
    private static Arn? RoleFor(IdentitySettings settings, AwsPurpose purpose)
    {
        var forAll = settings.RoleForAll;
        return purpose switch
        {
            AwsPurpose.Push => settings.EcrRole ?? forAll ?? settings.DeployRole,
            AwsPurpose.Roll => settings.RollRole,
            _ => settings.SourceEcrRole ?? settings.EcrRole ?? forAll ?? settings.DeployRole,
        };
    }

    private static WayIn Enter(IdentitySettings settings, Arn role) =>
        settings.OidcToken is { } token ? new ByToken(token, role) : new Assumed(PlainKeys(settings), role);

    private static Plain PlainKeys(IdentitySettings settings) => settings.Keys is { } keys ? new Plain(keys) : throw SignInException.NoWayIn(settings);

    /// <summary>Keys as they are.</summary>
    internal sealed record Plain(AwsKeys Keys) : WayIn
    {
        public override string Description => $"access key {Keys.AccessKeyId}";
    }

    /// <summary>A role that is entered with the step's OIDC token.</summary>
    internal sealed record ByToken(Secret Token, Arn Taken) : WayIn
    {
        public override string Description => Taken.Text;

        public override Arn Role => Taken;
    }

    /// <summary>A role that another identity takes.</summary>
    internal sealed record Assumed(WayIn From, Arn Taken) : WayIn
    {
        public override string Description => Taken.Text;

        public override Arn Role => Taken;
    }
}
