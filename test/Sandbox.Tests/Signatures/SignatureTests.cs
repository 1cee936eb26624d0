using System.Net;
using Sandbox.Tests.Wire;
using Sandbox.Worlds;
using Xunit;

namespace Sandbox.Tests.Signatures;

/// <summary>Signature Version 4, recomputed on every call (IAM user guide, "Signature Version 4"; authorization.md 2.4 for STS's names).</summary>
public sealed class SignatureTests
{
    private const string DevAdmin = $"arn:aws:iam::{DefaultWorld.Dev}:user/admin";
    private const string DeployRole = $"arn:aws:iam::{DefaultWorld.Dev}:role/deploy";

    private static readonly Dictionary<string, string> Nothing = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, Func<AccessKeys, AccessKeys>, string, string, HttpStatusCode> WrongKeys => new()
    {
        { "secret", keys => keys with { SecretAccessKey = "wrong" }, "InvalidSignatureException", "SignatureDoesNotMatch", HttpStatusCode.Forbidden },
        { "key id", keys => keys with { AccessKeyId = "AKIANOBODYNOBODYNOBO" }, "UnrecognizedClientException", "InvalidClientTokenId", HttpStatusCode.Forbidden },
        { "no session token", keys => keys with { SessionToken = null }, "UnrecognizedClientException", "InvalidClientTokenId", HttpStatusCode.Forbidden },
        { "session token", keys => keys with { SessionToken = "wrong" }, "UnrecognizedClientException", "InvalidClientTokenId", HttpStatusCode.Forbidden },
        { "none", keys => keys, "", "", HttpStatusCode.OK },
    };

    [Theory]
    [MemberData(nameof(WrongKeys))]
    public async Task Wrong_keys_are_told_apart_in_the_words_of_each_protocol(string what, Func<AccessKeys, AccessKeys> change, string jsonCode, string stsCode, HttpStatusCode stsStatus)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var client = new SignedClient(sandbox.Endpoint, change(sandbox.KeysOf(DeployRole)));

        var json = await client.CallAsync("ecr", "GetAuthorizationToken", [], Token);
        var sts = await client.StsAsync("GetCallerIdentity", Nothing, Token);

        Assert.Equal((what, jsonCode is "" ? HttpStatusCode.OK : HttpStatusCode.BadRequest, stsStatus), (what, json.Status, sts.Status));
        Assert.Equal(jsonCode, json.Code ?? "");
        Assert.Equal(stsCode, sts.Xml("Code") ?? "");
    }

    [Theory]
    [InlineData(-4, null)]
    [InlineData(4, null)]
    [InlineData(-6, "Signature expired: ")]
    [InlineData(6, "Signature not yet current: ")]
    public async Task A_signature_is_good_for_five_minutes_of_real_time(int minutes, string? message)
    {
        // The sandbox's own clock stands in another year: it does not matter.
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Clock = new Sandbox.Tests.Wire.SetClock(new DateTimeOffset(2031, 1, 1, 0, 0, 0, TimeSpan.Zero)) }, Token);
        using var client = new SignedClient(sandbox.Endpoint, sandbox.KeysOf(DevAdmin)) { SignedAt = DateTimeOffset.UtcNow.AddMinutes(minutes) };

        var answer = await client.CallAsync("ecr", "GetAuthorizationToken", [], Token);

        Assert.Equal(message is null ? null : "InvalidSignatureException", answer.Code);
        Assert.StartsWith(message ?? "", answer.Message ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x-amz-date", "content-type", "host", "x-amz-target")]
    [InlineData("host", "content-type", "x-amz-date", "x-amz-target")]
    public async Task Host_and_date_must_be_signed(string missing, params string[] headers)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var whole = new SignedClient(sandbox.Endpoint, sandbox.KeysOf(DevAdmin)) { SignedHeaders = ["host", "x-amz-date"] };
        using var partial = new SignedClient(sandbox.Endpoint, sandbox.KeysOf(DevAdmin)) { SignedHeaders = [.. headers.Where(name => name != missing)] };

        Assert.Equal(HttpStatusCode.OK, (await whole.CallAsync("ecr", "GetAuthorizationToken", [], Token)).Status);
        Assert.Equal("InvalidSignatureException", (await partial.CallAsync("ecr", "GetAuthorizationToken", [], Token)).Code);
    }

    [Fact]
    public async Task A_body_that_was_changed_on_the_way_is_not_what_was_signed()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var client = new SignedClient(sandbox.Endpoint, sandbox.KeysOf(DevAdmin));
        var request = client.Signed("ecr", "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories", "application/x-amz-json-1.1", "{}");
        request.Content = new StringContent("{ }", null, "application/x-amz-json-1.1");

        var answer = await client.SendAsync(request, Token);

        Assert.Equal("InvalidSignatureException", answer.Code);
        Assert.StartsWith("The request signature we calculated does not match", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eu-west-1", null)]
    [InlineData("us-east-1", null)]
    [InlineData("nowhere", "Credential should be scoped to a valid region. ")]
    public async Task The_scope_names_a_region(string region, string? message)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var client = new SignedClient(sandbox.Endpoint, sandbox.KeysOf(DevAdmin)) { Region = region };

        Assert.Equal(message, (await client.CallAsync("ecr", "GetAuthorizationToken", [], Token)).Message);
    }

    [Fact]
    public async Task The_scope_names_the_service_that_is_called()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var client = new SignedClient(sandbox.Endpoint, sandbox.KeysOf(DevAdmin));
        var request = client.Signed("ecs", "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken", "application/x-amz-json-1.1", "{}");

        Assert.Equal("Credential should be scoped to correct service: 'ecr'. ", (await client.SendAsync(request, Token)).Message);
    }

    [Theory]
    [InlineData(null, "MissingAuthenticationTokenException")]
    [InlineData("Bearer abc", "IncompleteSignatureException")]
    [InlineData("AWS4-HMAC-SHA256 nonsense", "IncompleteSignatureException")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=0", "IncompleteSignatureException")]
    public async Task A_header_that_is_no_signature_is_refused(string? header, string code)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var client = new SignedClient(sandbox.Endpoint, sandbox.KeysOf(DevAdmin));
        var request = client.Signed("ecr", "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken", "application/x-amz-json-1.1", "{}");
        request.Headers.Remove("Authorization");
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", header);
        }

        var answer = await client.SendAsync(request, Token);

        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_session_ends_on_the_sandboxs_clock()
    {
        var clock = new SetClock(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { Clock = clock }, Token);
        using var client = new SignedClient(sandbox.Endpoint, sandbox.KeysOf(DeployRole));

        clock.Now += TimeSpan.FromMinutes(59);
        var before = await client.CallAsync("ecr", "GetAuthorizationToken", [], Token);
        clock.Now += TimeSpan.FromMinutes(1);
        var json = await client.CallAsync("ecr", "GetAuthorizationToken", [], Token);
        var sts = await client.StsAsync("GetCallerIdentity", Nothing, Token);

        Assert.Equal(HttpStatusCode.OK, before.Status);
        Assert.Equal((HttpStatusCode.BadRequest, "ExpiredTokenException"), (json.Status, json.Code));
        Assert.Equal((HttpStatusCode.Forbidden, "ExpiredToken", "The security token included in the request is expired"), (sts.Status, sts.Code, sts.Message));
    }
}
