using System.Net;
using System.Net.Sockets;
using System.Text;
using Sandbox.Worlds;
using Xunit;

namespace Sandbox.Tests.Wire;

/// <summary>Broken and hostile requests get errors like AWS's: never a 500 of ours (the sandbox would throw when disposed of), never a hang.</summary>
public sealed class HostileRequestTests
{
    private const string Json = "application/x-amz-json-1.1";
    private const string Form = "application/x-www-form-urlencoded";
    private const string Ecr = "AmazonEC2ContainerRegistry_V20150921";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "UnknownOperationException")]
    [InlineData("NoService.NoOperation", "UnknownOperationException")]
    [InlineData(Ecr + ".NoOperation", "UnknownOperationException")]
    [InlineData(Ecr + ".", "UnknownOperationException")]
    [InlineData("...", "UnknownOperationException")]
    public async Task An_unknown_target_is_an_unknown_operation(string target, string code)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var client = Client(sandbox);

        var answer = await client.SendAsync(client.Signed("ecr", target, Json, "{}"), Token);

        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("{", "SerializationException")]
    [InlineData("[]", "SerializationException")]
    [InlineData("null", "SerializationException")]
    [InlineData("{\"repositoryName\":\"a\",\"repositoryName\":\"b\"}", "SerializationException")]
    [InlineData("\u0000\uffff", "SerializationException")]
    public async Task A_body_that_is_no_JSON_object_is_not_read(string body, string code)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var client = Client(sandbox);

        var answer = await client.SendAsync(client.Signed("ecr", Ecr + ".DescribeImages", Json, body), Token);

        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("Action=NoOperation&Version=2011-06-15", "InvalidAction")]
    [InlineData("Version=2011-06-15", "MissingAction")]
    [InlineData("%%%=&&&==", "MissingAction")]
    [InlineData("Action=AssumeRole&RoleArn.member.1=x", "MalformedInput")]
    [InlineData("Action=AssumeRole&Tags.member.99999999.Key=x", "ValidationError")]
    [InlineData("Action=AssumeRoleWithWebIdentity", "ValidationError")]
    public async Task A_form_that_says_nothing_is_refused_by_STS(string form, string code)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var client = Client(sandbox);

        var answer = await client.SendAsync(client.Signed("sts", null, Form, form), Token);

        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_huge_body_is_not_read_to_its_end()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var client = Client(sandbox);
        var request = client.Signed("ecr", Ecr + ".PutImage", Json, "{}");
        request.Content = new ByteArrayContent(new byte[64 * 1024 * 1024]);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", Json);

        var answer = await client.SendAsync(request, Token);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "RequestEntityTooLargeException"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Deeply_nested_JSON_is_no_way_in()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var client = Client(sandbox);
        var body = string.Concat(Enumerable.Repeat("{\"a\":", 100_000)) + "1" + new string('}', 100_000);

        var answer = await client.SendAsync(client.Signed("ecr", Ecr + ".DescribeImages", Json, body), Token);

        Assert.Equal("SerializationException", answer.Code);
    }

    [Fact]
    public async Task Random_requests_never_find_a_defect()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var client = Client(sandbox);
        var random = new Random(20260301);
        foreach (var _ in Enumerable.Range(0, 300))
        {
            var request = client.Signed(Pick(random, "ecr", "ecs", "sts"), Pick<string?>(random, null, Ecr + ".PutImage", "AmazonEC2ContainerServiceV20141113.UpdateService", "x"), Pick(random, Json, Form, "text/plain"), Noise(random));
            if (random.Next(3) is 0)
            {
                request.Headers.Remove("Authorization");
                request.Headers.TryAddWithoutValidation("Authorization", "AWS4-HMAC-SHA256 " + Noise(random).Replace("\u00e9", "", StringComparison.Ordinal));
            }

            var answer = await client.SendAsync(request, Token);

            Assert.InRange((int)answer.Status, 400, 499);
        }
    }

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0000\u0000")]
    [InlineData("GET /_sandbox/../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n")]
    public async Task Broken_HTTP_harms_nobody_else(string bytes)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(IPAddress.Loopback, sandbox.Endpoint.Port, Token);
            await socket.GetStream().WriteAsync(Encoding.Latin1.GetBytes(bytes), Token);
        }

        using var client = Client(sandbox);
        Assert.Equal(HttpStatusCode.OK, (await client.CallAsync("ecr", "GetAuthorizationToken", [], Token)).Status);
    }

    private static SignedClient Client(SandboxServer sandbox) => new(sandbox.Endpoint, sandbox.KeysOf($"arn:aws:iam::{DefaultWorld.Dev}:user/admin"));

    private static T Pick<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];

    private static string Noise(Random random)
    {
        var letters = "{}[]\":,=&%/;. \u00e9aZ09";
        return string.Concat(Enumerable.Range(0, random.Next(1, 200)).Select(_ => letters[random.Next(letters.Length)]));
    }
}
