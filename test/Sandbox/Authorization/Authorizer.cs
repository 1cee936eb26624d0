using Sandbox.Wire;
using Sandbox.Worlds;

namespace Sandbox.Authorization;

/// <summary>Decides by the policies of a world.</summary>
public sealed class Authorizer(World world, TimeProvider clock) : IAuthorizer
{
    private static readonly Dictionary<string, IReadOnlyList<string>> NoKeys = [];

    private readonly GlobalKeys _keys = new(world, clock);

    public string? Refusal(AccessRequest request)
    {
        Asked.Decide();
        var subject = Wording.Subject(request.Caller.Arn, request.Action, request.Resource);
        if (ActionTable.Find(request.Action) is not { } action || !action.Takes(request.Resource))
        {
            return subject + Wording.Silent(PolicyKind.Identity, request.Action);
        }

        var isRole = request.Action.StartsWith("sts:", StringComparison.Ordinal);
        var owner = request.ResourceAccount ?? (request.Action is "iam:PassRole" ? request.Resource.Split(':')[4] : request.Caller.AccountId);
        var context = new RequestContext
        {
            Action = request.Action,
            Resource = request.Resource,
            Keys = _keys.Of(request.Caller, action, request.Resource, request.Keys),
        };
        var evaluation = new PolicyEvaluation(context, request.Caller, PrincipalPolicies.Of(world, request.Caller))
        {
            ResourcePolicy = request.ResourcePolicy is { } policy ? Policy.Parse(policy) : null,
            IsSameAccount = owner == request.Caller.AccountId,
            NeedsResourcePolicy = isRole,
        };
        return evaluation.Refusal() switch
        {
            null => null,

            // As observed, refusals to assume a role give no reason: authorization.md 2.3.
            _ when isRole => subject,
            (var kind, true) => subject + Wording.Denied(kind),
            (var kind, false) => subject + Wording.Silent(kind, request.Action),
        };
    }

    public void Demand(AccessRequest request)
    {
        if (Refusal(request) is { } refusal)
        {
            throw new ApiException("AccessDeniedException", refusal);
        }
    }

    public Caller? SessionOf(string roleArn, string sessionName)
    {
        if (FindRole(roleArn) is not var (account, role) || !Trusts(role, "sts:AssumeRole", roleArn, clause => clause.Services.Any(IsTaskService), NoKeys))
        {
            return null;
        }

        return new Caller { AccountId = account.Id, Arn = account.Arn("sts", $"assumed-role/{role.Name}/{sessionName}"), RoleArn = roleArn };
    }

    /// <summary>Null when no account has such a role.</summary>
    internal (Account Account, Role Role)? FindRole(string roleArn)
    {
        var accountId = roleArn.Split(':') is [_, _, _, _, var id, ..] ? id : "";
        var account = world.Accounts.FirstOrDefault(account => account.Id == accountId);
        return PrincipalPolicies.RoleIn(account, roleArn) is { } role ? (account!, role) : null;
    }

    /// <summary>Whether a trust policy alone lets in a principal that is no caller of ours: a token's provider, a service.</summary>
    internal bool Trusts(Role role, string action, string roleArn, Func<PrincipalClause, bool> isNamed, IReadOnlyDictionary<string, IReadOnlyList<string>> keys)
    {
        Asked.Decide();
        var all = _keys.Of(null, ActionTable.Find(action)!, roleArn, NoKeys).ToDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, values) in keys)
        {
            all[key] = values;
        }

        var context = new RequestContext { Action = action, Resource = roleArn, Keys = all };
        var about = Policy.Parse(role.TrustPolicy).Statements
            .Where(statement => statement.Principals is { } clause && (clause.IsEveryone || isNamed(clause)) != statement.IsNotPrincipal && statement.IsAbout(context))
            .ToList();
        return about.Count > 0 && about.TrueForAll(statement => statement.Allows);
    }

    /// <summary>Tasks take their execution role as ecs-tasks, machines theirs as ec2 (authorization.md 3).</summary>
    private static bool IsTaskService(string service) => service is "ecs-tasks.amazonaws.com" or "ec2.amazonaws.com";
}
