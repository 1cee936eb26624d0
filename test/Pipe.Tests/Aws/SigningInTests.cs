using System.Web;
using EcsDeploy;
using EcsDeploy.Aws;
using EcsDeploy.Logging;
using EcsDeploy.Names;
using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests.Aws;

public sealed class SigningInTests : IAsyncDisposable
{
    private readonly LeapingTime _time = new();
    private readonly StringWriter _output = new();
    private readonly Redactor _redactor = new();
    private readonly PipeLog _log;
    private ScriptedServer? _server;
    private HttpConnections? _http;
    private AwsConnections? _connections;

    public SigningInTests() => _log = new PipeLog(_output, _redactor);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _connections?.Dispose();
        _http?.Dispose();
        _log.Dispose();
        await _output.DisposeAsync();
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task A_role_is_taken_with_the_token_and_its_secrets_are_redacted_from_then_on()
    {
        var server = await ServerAsync();
        server.ThenSession("AssumeRoleWithWebIdentity", "deploy", _time.Now.AddHours(12));
        var token = Some.Token();
        using var identities = Make(Some.Settings() with { OidcToken = token, DeployRole = Some.RollRole });

        var arn = await identities.SignInAsync(AwsPurpose.Roll, Token);

        Assert.Equal("arn:aws:sts::222222222222:assumed-role/deploy/shop-7", arn);
        var asked = HttpUtility.ParseQueryString(Assert.Single(server.Requests).Body);
        Assert.Equal(("AssumeRoleWithWebIdentity", Some.RollRole.Text, "shop-7", "3600"), (asked["Action"], asked["RoleArn"], asked["RoleSessionName"], asked["DurationSeconds"]));
        Assert.Equal(token.Reveal(), asked["WebIdentityToken"]);
        Assert.False(server.Requests.Single().Headers.ContainsKey("Authorization"));
        Assert.Equal("*** ***", _redactor.Redact("obtained-secret-ASIASESSION obtained-token-ASIASESSION"));
        Assert.Equal(Redactor.Mask, _redactor.Redact(token.Reveal()));
        Assert.Contains("Acting as arn:aws:sts::222222222222:assumed-role/deploy/shop-7 until", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_session_that_the_token_buys_is_as_long_as_the_role_allows()
    {
        var server = await ServerAsync();
        server.ThenSession("AssumeRoleWithWebIdentity", "deploy", _time.Now.AddHours(1))
            .ThenRefusal(400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
            .ThenRefusal(400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
            .ThenSession("AssumeRoleWithWebIdentity", "deploy", _time.Now.AddHours(5));
        using var identities = Make(Some.Settings() with { OidcToken = Some.Token(), DeployRole = Some.RollRole });
        await identities.SignInAsync(AwsPurpose.Roll, Token);

        _time.Now = _time.Now.AddMinutes(58);
        await identities.SignInAsync(AwsPurpose.Roll, Token);

        Assert.Equal(["3600", "43200", "28800", "14400"], server.Requests.Select(request => HttpUtility.ParseQueryString(request.Body)["DurationSeconds"]));
    }

    [Fact]
    public async Task A_chained_role_is_asked_for_one_hour_and_signed_by_the_first()
    {
        var server = await ServerAsync();
        server.ThenSession("AssumeRoleWithWebIdentity", "base", _time.Now.AddHours(12), "ASIABASE").ThenSession("AssumeRole", "deploy", _time.Now.AddHours(1));
        using var identities = Make(Some.Settings() with { OidcToken = Some.Token(), BaseRole = Arn.Parse("arn:aws:iam::999999999999:role/base"), DeployRole = Some.RollRole });

        await identities.SignInAsync(AwsPurpose.Roll, Token);

        var (headers, body) = server.Requests.Last();
        Assert.Equal("3600", HttpUtility.ParseQueryString(body)["DurationSeconds"]);
        Assert.Contains("Credential=ASIABASE/", headers["Authorization"], StringComparison.Ordinal);
        Assert.Equal("obtained-token-ASIABASE", headers["X-Amz-Security-Token"]);
    }

    [Fact]
    public async Task Keys_are_asked_whose_they_are_before_anything_else()
    {
        var server = await ServerAsync();
        server.ThenCaller("222222222222").Then(200, "{}");
        using var identities = Make(Some.Settings() with { Keys = Some.Keys, AllowedAccounts = [Account("222222222222")] });

        await identities.Client("ecs", AwsPurpose.Roll).CallAsync("ListClusters", [], Token);

        Assert.Equal(2, server.Requests.Count);
        Assert.Contains("Action=GetCallerIdentity", server.Requests.First().Body, StringComparison.Ordinal);
        Assert.Contains("Acting as arn:aws:iam::222222222222:user/pipeline", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_of_another_account_are_refused_and_nothing_is_called_with_them()
    {
        var server = await ServerAsync();
        server.ThenCaller("333333333333");
        using var identities = Make(Some.Settings() with { Keys = Some.Keys, AllowedAccounts = [Account("222222222222")] });

        var refusal = await Assert.ThrowsAsync<SignInException>(() => identities.Client("ecs", AwsPurpose.Roll).CallAsync("ListClusters", [], Token));

        Assert.Single(server.Requests);
        Assert.StartsWith("Account 333333333333 is not allowed: access key AKIAEXAMPLE leads there, and only 222222222222 may be acted in.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_of_another_account_is_refused_before_STS_is_asked()
    {
        var server = await ServerAsync();
        using var identities = Make(Some.Settings() with { OidcToken = Some.Token(), DeployRole = Some.RollRole, AllowedAccounts = [Account("111111111111")] });

        Assert.Throws<SignInException>(() => identities.Client("ecs", AwsPurpose.Roll));

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_role_on_the_way_is_refused_too_where_the_accounts_were_named()
    {
        var server = await ServerAsync();
        using var identities = Make(Some.Settings() with
        {
            OidcToken = Some.Token(),
            BaseRole = Arn.Parse("arn:aws:iam::999999999999:role/base"),
            DeployRole = Some.RollRole,
            AllowedAccounts = [Account("222222222222")],
            AccountsGiven = true,
        });

        var refusal = Assert.Throws<SignInException>(() => identities.Client("ecs", AwsPurpose.Roll));

        Assert.StartsWith("Account 999999999999 is not allowed: the role arn:aws:iam::999999999999:role/base leads there", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task One_session_serves_all_who_ask_at_once()
    {
        var server = await ServerAsync();
        server.ThenSession("AssumeRoleWithWebIdentity", "deploy", _time.Now.AddHours(1)).Then(200, "{}").Then(200, "{}").Then(200, "{}");
        using var identities = Make(Some.Settings() with { OidcToken = Some.Token(), DeployRole = Some.RollRole });

        await Task.WhenAll(
            identities.Client("ecs", AwsPurpose.Roll).CallAsync("ListClusters", [], Token),
            identities.Client("logs", AwsPurpose.Roll).CallAsync("DescribeLogGroups", [], Token),
            identities.Client("ecr", AwsPurpose.Push).CallAsync("DescribeRepositories", [], Token));

        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task Token_and_keys_together_are_warned_about()
    {
        await ServerAsync();
        using var identities = Make(Some.Settings() with { OidcToken = Some.Token(), Keys = Some.Keys, DeployRole = Some.RollRole });

        Assert.Contains("WARNING: The step has an OIDC token and access keys were given too", _output.ToString(), StringComparison.Ordinal);
    }

    private static AccountId Account(string text) => AccountId.TryParse(text, out var account) ? account : throw new FormatException(text);

    private async Task<ScriptedServer> ServerAsync() => _server = await ScriptedServer.StartAsync(Token);

    private Identities Make(IdentitySettings settings)
    {
        var network = new NetworkSettings { Endpoint = _server!.Address };
        _http = new HttpConnections(network);
        _connections = new AwsConnections(_http, network, _time, _log.Logger);
        return new Identities(settings, null, _connections, _redactor);
    }
}
