using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Sandbox.Tests.Bitbucket;

/// <summary>Code Insights through the proxy beside the step: bitbucket.md 5.1.</summary>
public sealed class CodeInsightsTests
{
    private const string Report = "http://api.bitbucket.org/2.0/repositories/acme/shop/commit/abc123/reports/deploy-dev";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, HttpStatusCode> Reports => new()
    {
        { """{"title":"a","details":"b","report_type":"TEST"}""", HttpStatusCode.OK },
        { """{"title":"a","details":"b","report_type":"TEST","result":"PASSED","reporter":"p","link":"https://a","data":[{"title":"t","type":"TEXT","value":"v"},{"title":"n","type":"DURATION","value":5}]}""", HttpStatusCode.OK },
        { """{"details":"b","report_type":"TEST"}""", HttpStatusCode.BadRequest },
        { """{"title":"a","details":"b","report_type":"DEPLOYMENT"}""", HttpStatusCode.BadRequest },
        { """{"title":"a","details":"b","report_type":"TEST","result":"OK"}""", HttpStatusCode.BadRequest },
        { """{"title":"a","details":"b","report_type":"TEST","reportType":"TEST"}""", HttpStatusCode.BadRequest },
        { """{"title":"a","details":"b","report_type":"TEST","data":[{"title":"n","type":"NUMBER","value":"5"}]}""", HttpStatusCode.BadRequest },
        { """{"title":"a","details":"b","report_type":"TEST","data":[{"title":"n","type":"LINK","value":"https://a"}]}""", HttpStatusCode.BadRequest },
        { $$"""{"title":"a","details":"b","report_type":"TEST","data":[{{string.Join(',', Enumerable.Repeat("{\"title\":\"n\",\"type\":\"TEXT\",\"value\":\"5\"}", 11))}}]}""", HttpStatusCode.BadRequest },
        { "[]", HttpStatusCode.BadRequest },
        { "{", HttpStatusCode.BadRequest },
    };

    [Theory]
    [MemberData(nameof(Reports))]
    public async Task A_report_is_taken_when_it_is_one(string body, HttpStatusCode status)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var step = Step(sandbox);

        using var answer = await step.PutAsync(Report, Content(body), Token);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status is HttpStatusCode.OK ? 1 : 0, sandbox.Insights.Reports.Count);
    }

    [Theory]
    [InlineData(1, HttpStatusCode.OK)]
    [InlineData(100, HttpStatusCode.OK)]
    [InlineData(101, HttpStatusCode.BadRequest)]
    [InlineData(0, HttpStatusCode.BadRequest)]
    public async Task A_call_brings_up_to_a_hundred_annotations(int count, HttpStatusCode status)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var step = Step(sandbox);
        using var report = await step.PutAsync(Report, Content("""{"title":"a","details":"b","report_type":"TEST"}"""), Token);

        var annotations = new JsonArray([.. Enumerable.Range(0, count).Select(number => new JsonObject { ["external_id"] = $"a{number}", ["annotation_type"] = "BUG", ["summary"] = "s", ["severity"] = "HIGH" })]);
        using var answer = await step.PostAsync(Report + "/annotations", Content(annotations.ToJsonString()), Token);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status is HttpStatusCode.OK ? count : 0, Assert.Single(sandbox.Insights.Reports).Annotations.Count);
    }

    [Fact]
    public async Task An_annotation_needs_its_report()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var step = Step(sandbox);

        using var answer = await step.PostAsync(Report + "/annotations", Content("""[{"external_id":"a","annotation_type":"BUG","summary":"s"}]"""), Token);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Without_the_proxy_there_are_no_credentials()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var client = new HttpClient();

        using var answer = await client.PutAsync(new Uri(sandbox.Endpoint, new Uri(Report).AbsolutePath), Content("""{"title":"a","details":"b","report_type":"TEST"}"""), Token);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    /// <summary>A client behind the proxy; it owns its handler.</summary>
    private static HttpClient Step(SandboxServer sandbox) => new(new HttpClientHandler { Proxy = new WebProxy(sandbox.Endpoint) });

    private static StringContent Content(string body) => new(body, Encoding.UTF8, "application/json");
}
