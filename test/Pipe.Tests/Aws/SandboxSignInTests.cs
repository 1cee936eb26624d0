using System.Text.Json.Nodes;
using EcsDeploy.Aws;
using EcsDeploy.Time;
using Sandbox.Bitbucket;
using Sandbox.Faults;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Aws;

public sealed class SandboxSignInTests : IAsyncLifetime
{
    private SandboxAccess _access = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _access = await SandboxAccess.StartAsync(WithBase);

    public async ValueTask DisposeAsync() => await _access.DisposeAsync();

    [Fact]
    public async Task Each_account_is_entered_directly_with_the_token()
    {
        var identities = _access.Identities();

        var arns = await Task.WhenAll(identities.SignInAsync(AwsPurpose.Push, Token), identities.SignInAsync(AwsPurpose.Roll, Token));
        await identities.Client("ecr", AwsPurpose.Push).CallAsync("DescribeRepositories", new JsonObject { ["repositoryNames"] = new JsonArray("shop") }, Token);
        var clusters = await identities.Client("ecs", AwsPurpose.Roll).CallAsync("DescribeClusters", new JsonObject { ["clusters"] = new JsonArray("dev") }, Token);

        Assert.Equal(["arn:aws:sts::111111111111:assumed-role/ecr-push/shop-7", "arn:aws:sts::222222222222:assumed-role/deploy/shop-7"], arns);
        Assert.Equal("dev", (string?)clusters["clusters"]![0]!["clusterName"]);
        Assert.Equal(arns, _access.Sandbox.Requests.Where(request => request.Service is "ecr" or "ecs").Select(request => request.CallerArn));
    }

    [Fact]
    public async Task Keys_take_both_roles_through_a_base_role()
    {
        var keys = _access.Sandbox.KeysOf("arn:aws:iam::999999999999:user/pipeline");
        var identities = _access.Identities(settings => settings with
        {
            OidcToken = null,
            Keys = new(keys.AccessKeyId, new(keys.SecretAccessKey), null),
            BaseRole = SandboxAccess.Role("999999999999", "base"),
            EcrRole = SandboxAccess.Role("999999999999", "behind"),
        });

        Assert.Equal("arn:aws:sts::999999999999:assumed-role/behind/shop-7", await identities.SignInAsync(AwsPurpose.Push, Token));
    }

    [Fact]
    public async Task A_role_that_the_token_may_not_take_is_answered_with_the_trust_policy_that_would_fit()
    {
        var identities = _access.Identities(settings => settings with { DeployRole = SandboxAccess.Role(DefaultWorld.Production, "deploy") });

        var refusal = await Assert.ThrowsAsync<SignInException>(() => identities.SignInAsync(AwsPurpose.Roll, Token));

        Assert.Contains("STS said: Not authorized to perform sts:AssumeRoleWithWebIdentity", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("\"{aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee}:{dddddddd-0000-0000-0000-00000000000d}:*\"", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("arn:aws:iam::333333333333:oidc-provider/api.bitbucket.org/2.0/workspaces/acme/", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_trust_policy_that_is_proposed_lets_the_token_in()
    {
        var refused = _access.Identities(settings => settings with { DeployRole = SandboxAccess.Role(DefaultWorld.Production, "deploy") });
        var message = (await Assert.ThrowsAsync<SignInException>(() => refused.SignInAsync(AwsPurpose.Roll, Token))).Message;
        var proposed = message[message.IndexOf('{', message.IndexOf("This one would:", StringComparison.Ordinal))..];

        await using var other = await SandboxAccess.StartAsync(world => Trusting(world, DefaultWorld.Production, "deploy", proposed));
        var identities = other.Identities(settings => settings with { DeployRole = SandboxAccess.Role(DefaultWorld.Production, "deploy") });

        Assert.Equal("arn:aws:sts::333333333333:assumed-role/deploy/shop-7", await identities.SignInAsync(AwsPurpose.Roll, Token));
    }

    [Fact]
    public async Task A_wrong_audience_is_named()
    {
        var token = _access.Token(new OidcTokenRequest { Audiences = ["https://elsewhere.example"] });

        var refusal = await RefusalAsync(token);

        Assert.Contains("does not list this audience. Add https://elsewhere.example to it.", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_token_is_told_with_its_end() =>
        Assert.Contains("it is made when the step starts", await RefusalAsync(_access.Token(new OidcTokenRequest { Lifetime = TimeSpan.FromMinutes(-1) })), StringComparison.Ordinal);

    [Fact]
    public async Task An_account_without_the_provider_is_told_what_to_create()
    {
        var identities = _access.Identities(settings => settings with { DeployRole = SandboxAccess.Role("999999999999", "base") });

        var refusal = await Assert.ThrowsAsync<SignInException>(() => identities.SignInAsync(AwsPurpose.Roll, Token));

        Assert.Contains("Account 999999999999 has no identity provider for this issuer. Create one in its IAM: provider URL https://api.bitbucket.org/2.0/workspaces/acme/", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_that_is_refused_names_who_must_be_trusted()
    {
        var keys = _access.Sandbox.KeysOf("arn:aws:iam::999999999999:user/pipeline");
        var identities = _access.Identities(settings => settings with { OidcToken = null, Keys = new(keys.AccessKeyId, new(keys.SecretAccessKey), null), EcrRole = null });

        var refusal = await Assert.ThrowsAsync<SignInException>(() => identities.SignInAsync(AwsPurpose.Roll, Token));

        Assert.Contains("could not take the role arn:aws:iam::222222222222:role/deploy", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("its trust policy does not name the caller", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_role_may_not_do_is_told_with_the_permission_to_add()
    {
        var client = _access.Identities().Client("ecs", AwsPurpose.Roll);

        var refusal = await Assert.ThrowsAsync<AwsException>(() => client.CallOnceAsync("DeleteCluster", new JsonObject { ["cluster"] = "dev" }, Token));

        Assert.True(refusal.IsAccessDenied, refusal.Message);
    }

    [Fact]
    public async Task A_session_that_ends_during_the_work_is_renewed_while_the_token_lives()
    {
        var client = _access.Identities(settings => settings with { OidcToken = _access.Token(new OidcTokenRequest { Lifetime = TimeSpan.FromHours(3) }) }).Client("ecs", AwsPurpose.Roll);

        await _access.RunAsync(async () =>
        {
            for (var minutes = 0; minutes < 170; minutes += 10)
            {
                await client.CallAsync("ListClusters", [], Token);
                await Waiting.ForAsync(TimeSpan.FromMinutes(10), _access.Clock, Token);
            }

            return true;
        });

        Assert.Equal(3, _access.Sandbox.Requests.Count(request => request is { Operation: "AssumeRoleWithWebIdentity", ErrorCode: null }));
        Assert.DoesNotContain(_access.Sandbox.Requests, request => request.ErrorCode is "ExpiredTokenException");
    }

    [Theory]
    [InlineData(FaultKind.Expired)]
    [InlineData(FaultKind.Throttle)]
    public async Task What_AWS_did_not_do_is_asked_for_again_even_when_it_changes_something(FaultKind fault)
    {
        var client = _access.Identities().Client("ecs", AwsPurpose.Roll);
        _access.Faults.Add(new FaultRule { On = "ecs:ListClusters", Kind = fault });

        await _access.RunAsync(() => client.CallOnceAsync("ListClusters", [], Token));

        Assert.Equal(2, _access.Sandbox.Requests.Count(request => request.Operation == "ListClusters"));
    }

    [Theory]
    [InlineData(FaultKind.ServerError)]
    [InlineData(FaultKind.ResetBefore)]
    [InlineData(FaultKind.ResetAfter)]
    [InlineData(FaultKind.Cut)]
    public async Task A_lost_answer_is_repeated_for_reading_and_told_for_a_change(FaultKind fault)
    {
        var client = _access.Identities().Client("ecs", AwsPurpose.Roll);
        _access.Faults.Add(new FaultRule { On = "ecs:ListClusters", Kind = fault });
        await _access.RunAsync(() => client.CallAsync("ListClusters", [], Token));

        _access.Faults.Add(new FaultRule { On = "ecs:ListTasks", Kind = fault });
        var lost = await Assert.ThrowsAsync<AwsException>(() => _access.RunAsync(() => client.CallOnceAsync("ListTasks", new JsonObject { ["cluster"] = "dev" }, Token)));

        Assert.True(lost.AnswerLost, lost.Message);
    }

    private static World WithBase(World world) => world with
    {
        Accounts =
        [
            .. world.Accounts,
            new Account
            {
                Id = "999999999999",
                Users = [new User { Name = "pipeline", AccessKeyId = "AKIAPIPELINE00000000", SecretAccessKey = "pipeline+secret+of+forty+characters+long", IdentityPolicies = [Allow("sts:AssumeRole")] }],
                Roles =
                [
                    new Role { Name = "base", TrustPolicy = TrustPolicies.ForPrincipal("arn:aws:iam::999999999999:user/pipeline"), IdentityPolicies = [Allow("sts:AssumeRole")] },
                    new Role { Name = "behind", TrustPolicy = TrustPolicies.ForPrincipal("arn:aws:sts::999999999999:assumed-role/base/shop-7"), MaxSessionDuration = TimeSpan.FromHours(12) },
                ],
            },
        ],
    };

    private static string Allow(string action) => $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"{{action}}","Resource":"*"}]}""";

    private static World Trusting(World world, string account, string role, string policy) => world with
    {
        Accounts = [.. world.Accounts.Select(one => one.Id != account ? one : one with { Roles = [.. one.Roles.Select(had => had.Name == role ? had with { TrustPolicy = policy } : had)] })],
    };

    private async Task<string> RefusalAsync(EcsDeploy.Settings.Secret token)
    {
        var identities = _access.Identities(settings => settings with { OidcToken = token });
        var refusal = await Assert.ThrowsAsync<SignInException>(() => identities.SignInAsync(AwsPurpose.Roll, Token));
        Assert.DoesNotContain(token.Reveal(), refusal.Message, StringComparison.Ordinal);
        return refusal.Message;
    }
}
