using Sandbox.Wire;
using Xunit;

namespace Sandbox.Tests.Authorization;

/// <summary>Who has to allow what: authorization.md 2.1, with the wording of 2.3.</summary>
public sealed class EvaluationTests
{
    private const string Session = $"{{\"AWS\":\"{Some.SessionArn}\"}}";
    private const string Role = $"{{\"AWS\":\"{Some.RoleArn}\"}}";
    private const string Root = $"{{\"AWS\":\"arn:aws:iam::{Some.Account}:root\"}}";
    private const string BareAccount = $"{{\"AWS\":\"{Some.Account}\"}}";
    private const string Stranger = "{\"AWS\":\"arn:aws:iam::333333333333:root\"}";
    private const string Everyone = "\"*\"";

    private const string NotIdentity = " because no identity-based policy allows the ecr:PutImage action";
    private const string NotResource = " because no resource-based policy allows the ecr:PutImage action";
    private const string NotBoundary = " because no permissions boundary allows the ecr:PutImage action";
    private const string NotSession = " because no session policy allows the ecr:PutImage action";

    private static readonly string None = Some.Policy("""{"Effect":"Allow","Action":"ecs:*","Resource":"*"}""");

    public static TheoryData<string, string, string?, string?> WithinOneAccount => new()
    {
        { "identity alone", Some.Allow(), null, null },
        { "nobody", None, null, NotIdentity },
        { "resource names the session", None, Some.Grant(Session), null },
        { "resource names the role", None, Some.Grant(Role), null },
        { "resource names everyone", None, Some.Grant(Everyone), null },
        { "resource names the account: delegation only", None, Some.Grant(Root), NotIdentity },
        { "resource names a stranger", None, Some.Grant(Stranger), NotIdentity },
        { "identity denies", Some.Deny(), Some.Grant(Session), " with an explicit deny in an identity-based policy" },
        { "resource denies", Some.Allow(), Some.Grant(Role, "Deny"), " with an explicit deny in a resource-based policy" },
        { "resource denies a stranger", Some.Allow(), Some.Grant(Stranger, "Deny"), null },
    };

    public static TheoryData<string, string, string?, string?> AcrossAccounts => new()
    {
        { "both", Some.Allow(), Some.Grant(Root), null },
        { "both, by bare account id", Some.Allow(), Some.Grant(BareAccount), null },
        { "both, by role", Some.Allow(), Some.Grant(Role), null },
        { "identity alone", Some.Allow(), null, NotResource },
        { "identity, resource names a stranger", Some.Allow(), Some.Grant(Stranger), NotResource },
        { "resource alone", None, Some.Grant(Session), NotIdentity },
        { "neither", None, null, NotIdentity },
        { "resource denies", Some.Allow(), Some.Grant(Everyone, "Deny"), " with an explicit deny in a resource-based policy" },
    };

    [Theory]
    [MemberData(nameof(WithinOneAccount))]
    public void Within_one_account_one_allow_is_enough(string why, string identity, string? resource, string? reason)
    {
        var refusal = Some.Authorizer(identity).Refusal(Some.Question() with { ResourcePolicy = resource });

        Assert.Equal(Sentence(Some.Repository, reason), refusal);
        Assert.NotEmpty(why);
    }

    [Theory]
    [MemberData(nameof(AcrossAccounts))]
    public void Across_accounts_both_sides_must_allow(string why, string identity, string? resource, string? reason)
    {
        var refusal = Some.Authorizer(identity).Refusal(Some.Question(resource: Some.ForeignRepository) with { ResourcePolicy = resource });

        Assert.Equal(Sentence(Some.ForeignRepository, reason), refusal);
        Assert.NotEmpty(why);
    }

    [Fact]
    public void A_boundary_limits_what_the_role_and_a_grant_to_it_allow_but_not_a_grant_to_the_session()
    {
        var authorizer = Some.Authorizer(Some.Allow(), boundary: None);

        Assert.EndsWith(NotBoundary, authorizer.Refusal(Some.Question()), StringComparison.Ordinal);
        Assert.EndsWith(NotBoundary, authorizer.Refusal(Some.Question() with { ResourcePolicy = Some.Grant(Role) }), StringComparison.Ordinal);
        Assert.Null(authorizer.Refusal(Some.Question() with { ResourcePolicy = Some.Grant(Session) }));
        Assert.Null(Some.Authorizer(Some.Allow(), boundary: Some.Allow()).Refusal(Some.Question()));
        Assert.EndsWith(
            " with an explicit deny in a permissions boundary",
            Some.Authorizer(Some.Allow(), boundary: Some.Deny()).Refusal(Some.Question()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_policy_only_takes_away()
    {
        var caller = Some.Session with { SessionPolicy = None };
        var allowing = Some.Session with { SessionPolicy = Some.Allow() };

        Assert.EndsWith(NotSession, Some.Authorizer(Some.Allow()).Refusal(Some.Question() with { Caller = caller }), StringComparison.Ordinal);
        Assert.EndsWith(NotIdentity, Some.Authorizer(None).Refusal(Some.Question() with { Caller = allowing }), StringComparison.Ordinal);
        Assert.Null(Some.Authorizer(Some.Allow()).Refusal(Some.Question() with { Caller = allowing }));
        Assert.EndsWith(
            " with an explicit deny in a sessions policy",
            Some.Authorizer(Some.Allow()).Refusal(Some.Question() with { Caller = Some.Session with { SessionPolicy = Some.Deny() } }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_role_that_is_not_in_the_world_may_do_nothing()
    {
        var caller = Some.Session with { RoleArn = $"arn:aws:iam::{Some.Account}:role/other" };

        Assert.NotNull(Some.Authorizer(Some.Allow()).Refusal(Some.Question() with { Caller = caller }));
    }

    [Fact]
    public void A_role_is_passed_within_its_account_only()
    {
        var authorizer = Some.Authorizer(Some.Allow());

        Assert.Null(authorizer.Refusal(Some.Question("iam:PassRole", $"arn:aws:iam::{Some.Account}:role/task") with { ResourceAccount = null }));
        Assert.NotNull(authorizer.Refusal(Some.Question("iam:PassRole", "arn:aws:iam::111111111111:role/task") with { ResourceAccount = null }));
    }

    [Fact]
    public void Demanding_throws_what_the_JSON_services_answer()
    {
        var error = Assert.Throws<ApiException>(() => Some.Authorizer(None).Demand(Some.Question()));

        Assert.Equal(("AccessDeniedException", 400, Sentence(Some.Repository, NotIdentity)), (error.Code, error.Status, error.Message));
    }

    [Theory]
    [InlineData("ecs-tasks.amazonaws.com", true)]
    [InlineData("lambda.amazonaws.com", false)]
    public void Tasks_take_a_role_that_trusts_them(string service, bool isTaken)
    {
        var trust = Some.Policy($$"""{"Effect":"Allow","Principal":{"Service":"{{service}}"},"Action":"sts:AssumeRole"}""");

        var session = Some.Authorizer(Some.Allow(), trust: trust).SessionOf(Some.RoleArn, "task1");

        Assert.Equal(isTaken ? $"arn:aws:sts::{Some.Account}:assumed-role/r/task1" : null, session?.Arn);
        Assert.Null(Some.Authorizer(null).SessionOf($"arn:aws:iam::{Some.Account}:role/none", "task1"));
    }

    private static string? Sentence(string resource, string? reason) =>
        reason is null ? null : $"User: {Some.SessionArn} is not authorized to perform: ecr:PutImage on resource: {resource}{reason}";
}
