using Sandbox.Authorization;
using Sandbox.Worlds;

namespace Sandbox.Tests.Authorization;

/// <summary>A world of one role with the policies of a test, and the questions about it.</summary>
internal static class Some
{
    public const string Account = "222222222222";
    public const string RoleArn = $"arn:aws:iam::{Account}:role/r";
    public const string SessionArn = $"arn:aws:sts::{Account}:assumed-role/r/s";
    public const string Repository = $"arn:aws:ecr:eu-west-1:{Account}:repository/shop";
    public const string ForeignRepository = "arn:aws:ecr:eu-west-1:111111111111:repository/shop";

    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static Caller Session { get; } = new() { AccountId = Account, Arn = SessionArn, RoleArn = RoleArn };

    public static Authorizer Authorizer(string? identity, string? boundary = null, string? trust = null) =>
        new(World(identity, boundary, trust), new FixedClock());

    public static World World(string? identity, string? boundary = null, string? trust = null)
    {
        var role = new Role { Name = "r", TrustPolicy = trust ?? Policy(), IdentityPolicies = identity is null ? [] : [identity], PermissionsBoundary = boundary };
        return new World { Workspace = new Workspace(), Accounts = [new Account { Id = Account, OrganizationId = "o-1", Roles = [role] }, new Account { Id = "111111111111" }] };
    }

    public static string Policy(params string[] statements) => $$"""{"Version":"2012-10-17","Statement":[{{string.Join(',', statements)}}]}""";

    /// <summary>A policy that allows everything, or what <paramref name="members"/> says.</summary>
    public static string Allow(string members = "\"Action\":\"*\",\"Resource\":\"*\"") => Policy($$"""{"Effect":"Allow",{{members}}}""");

    public static string Deny(string members = "\"Action\":\"*\",\"Resource\":\"*\"") => Policy($$"""{"Effect":"Deny",{{members}}}""");

    /// <summary>A resource policy's one statement on everything that its resource can do.</summary>
    public static string Grant(string principal, string effect = "Allow") => Policy($$"""{"Effect":"{{effect}}","Principal":{{principal}},"Action":"ecr:*"}""");

    public static AccessRequest Question(string action = "ecr:PutImage", string resource = Repository, params (string Key, string Value)[] keys)
    {
        return new AccessRequest
        {
            Caller = Session,
            Action = action,
            Resource = resource,
            ResourceAccount = resource.Split(':').ElementAtOrDefault(4),
            Keys = keys.GroupBy(key => key.Key).ToDictionary(group => group.Key, group => (IReadOnlyList<string>)[.. group.Select(key => key.Value)]),
        };
    }

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
