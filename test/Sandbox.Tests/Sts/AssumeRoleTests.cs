using System.Net;
using Sandbox.Tests.Wire;
using Sandbox.Worlds;
using Xunit;

namespace Sandbox.Tests.Sts;

/// <summary>Who may take which role: authorization.md 2.1, 2.3, 2.4 and 4.</summary>
public sealed class AssumeRoleTests
{
    private const string DevAdmin = $"arn:aws:iam::{DefaultWorld.Dev}:user/admin";
    private const string ForeignAdmin = $"arn:aws:iam::{DefaultWorld.Production}:user/admin";
    private const string Refused = $"User: {DevAdmin} is not authorized to perform: sts:AssumeRole on resource: {StsTests.Wanted}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, bool> WithinOneAccount => new()
    {
        // Naming the principal is enough; naming the account leaves it to the identity policy.
        { $$"""{"AWS":"{{DevAdmin}}"}""", StsTests.Nothing, true },
        { $$"""{"AWS":"arn:aws:iam::{{DefaultWorld.Dev}}:root"}""", StsTests.Everything, true },
        { $$"""{"AWS":"arn:aws:iam::{{DefaultWorld.Dev}}:root"}""", StsTests.Nothing, false },
        { """{"Service":"ecs-tasks.amazonaws.com"}""", StsTests.Everything, false },
    };

    [Theory]
    [MemberData(nameof(WithinOneAccount))]
    public async Task Within_one_account_the_trust_policy_must_name_the_principal_or_delegate_to_the_account(string principal, string identity, bool isAllowed)
    {
        await using var sandbox = await SandboxServer.StartAsync(StsTests.With([StsTests.Trusting(principal)], [identity]), Token);

        var answer = await StsTests.AssumeAsync(sandbox, sandbox.KeysOf(DevAdmin), StsTests.Wanted);

        Assert.Equal(isAllowed ? (HttpStatusCode.OK, null, null) : (HttpStatusCode.Forbidden, "AccessDenied", Refused), (answer.Status, answer.Body.Contains("<Error>", StringComparison.Ordinal) ? answer.Code : null, answer.Xml("Message")));
    }

    [Theory]
    [InlineData($"arn:aws:iam::{DefaultWorld.Production}:root", ForeignAdmin, true)]
    [InlineData($"arn:aws:iam::{DefaultWorld.Production}:root", $"arn:aws:iam::{DefaultWorld.Production}:role/task-execution", false)]
    [InlineData($"arn:aws:iam::{DefaultWorld.Registry}:root", ForeignAdmin, false)]
    public async Task Across_accounts_trust_and_identity_policy_must_both_allow(string trusted, string caller, bool isAllowed)
    {
        await using var sandbox = await SandboxServer.StartAsync(StsTests.With(StsTests.Trusting($$"""{"AWS":"{{trusted}}"}""")), Token);

        var answer = await StsTests.AssumeAsync(sandbox, sandbox.KeysOf(caller), StsTests.Wanted);

        Assert.Equal(isAllowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden, answer.Status);
    }

    [Fact]
    public async Task A_role_that_does_not_exist_is_refused_as_one_that_does_not_trust()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);

        var answer = await StsTests.AssumeAsync(sandbox, sandbox.KeysOf(DevAdmin), StsTests.Wanted);

        Assert.Equal((HttpStatusCode.Forbidden, "AccessDenied", Refused), (answer.Status, answer.Code, answer.Message));
    }

    [Fact]
    public async Task The_deploy_role_chains_into_the_registry_account_and_is_there()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        var deploy = sandbox.KeysOf($"arn:aws:iam::{DefaultWorld.Dev}:role/deploy");

        var keys = StsTests.KeysIn(await StsTests.AssumeAsync(sandbox, deploy, $"arn:aws:iam::{DefaultWorld.Registry}:role/ecr-push"));

        using var client = new SignedClient(sandbox.Endpoint, keys);
        var identity = await client.StsAsync("GetCallerIdentity", new Dictionary<string, string>(), Token);
        Assert.Equal($"arn:aws:sts::{DefaultWorld.Registry}:assumed-role/ecr-push/step-1", identity.Xml("Arn"));
        Assert.EndsWith(":step-1", identity.Xml("UserId"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DevAdmin, 3600, null)]
    [InlineData(DevAdmin, 7200, "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")]
    [InlineData($"arn:aws:iam::{DefaultWorld.Dev}:role/deploy", 3600, null)]
    [InlineData($"arn:aws:iam::{DefaultWorld.Dev}:role/deploy", 3601, "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.")]
    public async Task A_session_lasts_no_longer_than_its_role_and_in_a_chain_an_hour(string caller, int seconds, string? message)
    {
        var role = StsTests.Trusting($$"""{"AWS":["{{DevAdmin}}","arn:aws:iam::{{DefaultWorld.Dev}}:role/deploy"]}""");
        await using var sandbox = await SandboxServer.StartAsync(StsTests.With(role), Token);

        var answer = await StsTests.AssumeAsync(sandbox, sandbox.KeysOf(caller), StsTests.Wanted, ("DurationSeconds", $"{seconds}"));

        Assert.Equal((message is null ? HttpStatusCode.OK : HttpStatusCode.BadRequest, message), (answer.Status, answer.Xml("Message")));
        Assert.True(message is null || answer.Code == "ValidationError");
    }

    [Theory]
    [InlineData("secret-1", true)]
    [InlineData("secret-2", false)]
    [InlineData(null, false)]
    public async Task An_external_id_must_be_the_one_that_the_trust_policy_wants(string? externalId, bool isAllowed)
    {
        var role = StsTests.Trusting($$"""{"AWS":"{{DevAdmin}}"}""", condition: """{"StringEquals":{"sts:ExternalId":"secret-1"}}""");
        await using var sandbox = await SandboxServer.StartAsync(StsTests.With(role), Token);

        var answer = await StsTests.AssumeAsync(sandbox, sandbox.KeysOf(DevAdmin), StsTests.Wanted, externalId is null ? [] : [("ExternalId", externalId)]);

        Assert.Equal(isAllowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden, answer.Status);
    }

    [Theory]
    [InlineData("\"sts:AssumeRole\"", "sts:TagSession")]
    [InlineData("\"sts:AssumeRole\",\"sts:TagSession\"", null)]
    public async Task Tags_need_a_permission_of_their_own_in_the_trust_policy(string actions, string? missing)
    {
        await using var sandbox = await SandboxServer.StartAsync(StsTests.With(StsTests.Trusting($$"""{"AWS":"{{DevAdmin}}"}""", actions)), Token);

        var answer = await StsTests.AssumeAsync(sandbox, sandbox.KeysOf(DevAdmin), StsTests.Wanted, ("Tags.member.1.Key", "team"), ("Tags.member.1.Value", "a"));

        Assert.Equal(missing is null ? null : $"User: {DevAdmin} is not authorized to perform: {missing} on resource: {StsTests.Wanted}", answer.Xml("Message"));
    }

    [Theory]
    [InlineData("\"sts:AssumeRole\"", false)]
    [InlineData("\"sts:AssumeRole\",\"sts:SetSourceIdentity\"", true)]
    public async Task A_source_identity_needs_a_permission_of_its_own(string actions, bool isAllowed)
    {
        await using var sandbox = await SandboxServer.StartAsync(StsTests.With(StsTests.Trusting($$"""{"AWS":"{{DevAdmin}}"}""", actions)), Token);

        var answer = await StsTests.AssumeAsync(sandbox, sandbox.KeysOf(DevAdmin), StsTests.Wanted, ("SourceIdentity", "maria"));

        Assert.Equal(isAllowed ? "maria" : null, answer.Xml("SourceIdentity"));
    }

    [Theory]
    [InlineData("{", "MalformedPolicyDocument")]
    [InlineData("""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ecr:*","Resource":"*"}]}""", null)]
    public async Task A_session_policy_must_be_a_policy(string policy, string? code)
    {
        await using var sandbox = await SandboxServer.StartAsync(StsTests.With(StsTests.Trusting($$"""{"AWS":"{{DevAdmin}}"}""")), Token);

        var answer = await StsTests.AssumeAsync(sandbox, sandbox.KeysOf(DevAdmin), StsTests.Wanted, ("Policy", policy));

        Assert.Equal(code, answer.Status is HttpStatusCode.OK ? null : answer.Code);
    }

    [Theory]
    [InlineData("RoleSessionName", "has blanks in it")]
    [InlineData("DurationSeconds", "899")]
    [InlineData("DurationSeconds", "43201")]
    [InlineData("ExternalId", "x")]
    public async Task What_the_model_bounds_is_validated(string member, string value)
    {
        await using var sandbox = await SandboxServer.StartAsync(StsTests.With(StsTests.Trusting($$"""{"AWS":"{{DevAdmin}}"}""")), Token);

        var answer = await StsTests.AssumeAsync(sandbox, sandbox.KeysOf(DevAdmin), StsTests.Wanted, (member, value));

        Assert.Equal((HttpStatusCode.BadRequest, "ValidationError"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Transitive_tags_go_on_in_a_chain_are_keys_of_the_session_and_cannot_be_changed()
    {
        var first = StsTests.Trusting($$"""{"AWS":"{{DevAdmin}}"}""", "\"sts:AssumeRole\",\"sts:TagSession\"");
        var second = StsTests.Trusting($$"""{"AWS":"{{StsTests.Wanted}}"}""", "\"sts:AssumeRole\",\"sts:TagSession\"", """{"StringEquals":{"aws:PrincipalTag/team":"a"}}""") with { Name = "second" };
        await using var sandbox = await SandboxServer.StartAsync(StsTests.With(first, second), Token);
        var secondArn = StsTests.Wanted.Replace("wanted", "second", StringComparison.Ordinal);

        var tagged = StsTests.KeysIn(await StsTests.AssumeAsync(
            sandbox, sandbox.KeysOf(DevAdmin), StsTests.Wanted, ("Tags.member.1.Key", "team"), ("Tags.member.1.Value", "a"), ("TransitiveTagKeys.member.1", "team")));
        var plain = StsTests.KeysIn(await StsTests.AssumeAsync(sandbox, sandbox.KeysOf(DevAdmin), StsTests.Wanted));
        var chained = await StsTests.AssumeAsync(sandbox, tagged, secondArn);
        var untagged = await StsTests.AssumeAsync(sandbox, plain, secondArn);
        var changed = await StsTests.AssumeAsync(sandbox, tagged, secondArn, ("Tags.member.1.Key", "team"), ("Tags.member.1.Value", "b"));

        Assert.Equal(HttpStatusCode.OK, chained.Status);
        Assert.Equal((HttpStatusCode.Forbidden, "AccessDenied"), (untagged.Status, untagged.Code));
        Assert.Equal((HttpStatusCode.BadRequest, "InvalidParameterValue"), (changed.Status, changed.Code));
    }
}
