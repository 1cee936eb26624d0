using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using EcsDeploy;
using EcsDeploy.Aws;
using EcsDeploy.Settings;
using Serilog.Core;
using Xunit;

namespace Pipe.Tests.Aws;

public sealed class CallingTests
{
    private const string Refusal = """{"__type":"AccessDeniedException","Message":"User: arn:aws:sts::222222222222:assumed-role/deploy/shop-7 is not authorized to perform: ecs:UpdateService on resource: arn:aws:ecs:eu-west-1:222222222222:service/dev/api because no identity-based policy allows the ecs:UpdateService action"}""";

    private readonly LeapingTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_is_signed_and_its_answer_comes_back_whole()
    {
        await using var server = await ScriptedServer.StartAsync(Token);
        server.Then(200, """{"clusters":[{"clusterName":"dev","unheardOf":{"a":[1]}}]}""");
        using var calls = new Calls(server.Address, _time);

        var answer = await calls.Client.CallAsync("DescribeClusters", new JsonObject { ["clusters"] = new JsonArray("dev") }, Token);

        Assert.Equal("""{"clusters":[{"clusterName":"dev","unheardOf":{"a":[1]}}]}""", answer.ToJsonString());
        var (headers, body) = Assert.Single(server.Requests);
        Assert.Equal("""{"clusters":["dev"]}""", body);
        Assert.Equal("AmazonEC2ContainerServiceV20141113.DescribeClusters", headers["X-Amz-Target"]);
        Assert.Equal("application/x-amz-json-1.1", headers["Content-Type"]);
        Assert.Matches("^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/[0-9]{8}/eu-west-1/ecs/aws4_request, SignedHeaders=", headers["Authorization"]);
        Assert.Contains("dotnet-ecs-deploy", headers["User-Agent"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Throttling_and_failures_inside_AWS_are_tried_again()
    {
        await using var server = await ScriptedServer.StartAsync(Token);
        server.Then(400, """{"__type":"com.amazonaws.ecs#ThrottlingException","message":"Rate exceeded"}""", retryAfter: "7")
            .Then(500, """{"__type":"ServerException","message":"Service Unavailable. Please try again later."}""")
            .ThenBreak().Then(502, "<html>Bad gateway</html>").Then(200, "{}");
        using var calls = new Calls(server.Address, _time);

        await calls.Client.CallAsync("ListClusters", [], Token);

        Assert.Equal(5, server.Requests.Count);
        Assert.Equal(4, _time.Waits.Count);
        Assert.Equal(TimeSpan.FromSeconds(7), _time.Waits[0]);
    }

    [Fact]
    public async Task Throttling_does_not_go_on_for_ever()
    {
        await using var server = await ScriptedServer.StartAsync(Token);
        for (var count = 0; count < 20; count++)
        {
            server.Then(400, """{"__type":"ThrottlingException","message":"Rate exceeded"}""");
        }

        using var calls = new Calls(server.Address, _time);

        var failure = await Assert.ThrowsAsync<AwsException>(() => calls.Client.CallAsync("ListClusters", [], Token));

        Assert.Equal(12, server.Requests.Count);
        Assert.True(failure.IsTransient);
        Assert.Contains("was throttled (12 attempts): Rate exceeded", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_is_sent_again_after_throttling()
    {
        await using var server = await ScriptedServer.StartAsync(Token);
        server.Then(400, """{"__type":"ThrottlingException","message":"Rate exceeded"}""").Then(200, "{}");
        using var calls = new Calls(server.Address, _time);

        await calls.Client.CallOnceAsync("UpdateService", [], Token);

        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_change_whose_answer_is_lost_is_not_sent_again(int status)
    {
        await using var server = await ScriptedServer.StartAsync(Token);
        _ = status == 0 ? server.ThenBreak() : server.Then(status, """{"__type":"ServerException","message":"Oops"}""");
        using var calls = new Calls(server.Address, _time);

        var failure = await Assert.ThrowsAsync<AwsException>(() => calls.Client.CallOnceAsync("UpdateService", [], Token));

        Assert.True(failure.AnswerLost);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_refusal_names_the_action_the_resource_and_the_identity()
    {
        await using var server = await ScriptedServer.StartAsync(Token);
        server.Then(400, Refusal);
        using var calls = new Calls(server.Address, _time);

        var failure = await Assert.ThrowsAsync<AwsException>(() => calls.Client.CallOnceAsync("UpdateService", [], Token));

        Assert.True(failure.IsAccessDenied);
        Assert.False(failure.AnswerLost);
        Assert.Equal(ExitCode.Access, failure.ExitCode);
        Assert.Equal(("AccessDeniedException", 400, "request-1"), (failure.Code, failure.Status, failure.RequestId));
        Assert.StartsWith("ecs:UpdateService in eu-west-1 as access key AKIAEXAMPLE was refused: User: ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("Allow ecs:UpdateService on arn:aws:ecs:eu-west-1:222222222222:service/dev/api in the policies of this identity.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_with_a_member_that_is_there_twice_is_no_answer()
    {
        await using var server = await ScriptedServer.StartAsync(Token);
        for (var count = 0; count < 20; count++)
        {
            server.Then(200, """{"images":[],"images":[]}""");
        }

        using var calls = new Calls(server.Address, _time);

        var failure = await Assert.ThrowsAsync<AwsException>(() => calls.Client.CallAsync("ListClusters", [], Token));

        Assert.Contains("ecs:ListClusters", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_AWS_says_cannot_break_out_of_its_line()
    {
        await using var server = await ScriptedServer.StartAsync(Token);
        server.Then(400, """{"__type":"ClientException","message":"no\r\nINFO: all is well\u001b[32m"}""");
        using var calls = new Calls(server.Address, _time);

        var failure = await Assert.ThrowsAsync<AwsException>(() => calls.Client.CallAsync("DescribeServices", [], Token));

        Assert.Equal("no INFO: all is well[32m", failure.AwsMessage);
    }

    [Fact]
    public async Task Nobody_there_is_told_with_the_address_and_is_no_lost_answer()
    {
        using var unused = new TcpListener(IPAddress.Loopback, 0);
        unused.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)unused.LocalEndpoint).Port}");
        unused.Stop();
        using var calls = new Calls(address, _time);

        var failure = await Assert.ThrowsAsync<AwsException>(() => calls.Client.CallOnceAsync("UpdateService", [], Token));

        Assert.False(failure.AnswerLost);
        Assert.True(failure.IsTransient);
        Assert.Contains($"could not be sent (6 attempts): {address.GetLeftPart(UriPartial.Authority)} was not reached: Connection refused", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_session_is_renewed_once_and_the_call_repeated()
    {
        await using var server = await ScriptedServer.StartAsync(Token);
        server.Then(400, """{"__type":"ExpiredTokenException","message":"The security token included in the request is expired"}""").Then(200, "{}");
        var obtained = 0;
        using var identity = new AwsIdentity("role", _ => Task.FromResult(Calls.Session($"AKIA{++obtained}", _time.Now.AddHours(1))), _time);
        using var calls = new Calls(server.Address, _time, identity);

        await calls.Client.CallOnceAsync("UpdateService", [], Token);

        Assert.Equal(2, obtained);
        Assert.Contains("Credential=AKIA2/", server.Requests.Last().Headers["Authorization"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_call_ends_as_cancelled()
    {
        await using var server = await ScriptedServer.StartAsync(Token);
        using var calls = new Calls(server.Address, _time);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calls.Client.CallAsync("ListClusters", [], cancelled.Token));
    }

    private sealed class Calls : IDisposable
    {
        private readonly HttpConnections _http;
        private readonly AwsConnections _connections;
        private readonly AwsIdentity _identity;

        public Calls(Uri address, TimeProvider time, AwsIdentity? identity = null)
        {
            var network = new NetworkSettings { Endpoint = address };
            _http = new HttpConnections(network);
            _connections = new AwsConnections(_http, network, time, Logger.None);
            _identity = identity ?? AwsIdentity.Of(Session("AKIAEXAMPLE", null), time);
            Client = new AwsJsonClient("ecs", "eu-west-1", _identity, _connections);
        }

        public AwsJsonClient Client { get; }

        public static AwsSession Session(string key, DateTimeOffset? expires) =>
            new() { Keys = new AwsKeys(key, new Secret("secret"), null), Expires = expires };

        public void Dispose()
        {
            Client.Dispose();
            _identity.Dispose();
            _connections.Dispose();
            _http.Dispose();
        }
    }
}
