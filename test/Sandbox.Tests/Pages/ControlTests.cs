using System.Net;
using System.Text.Json.Nodes;
using Sandbox.Tests.Wire;
using Sandbox.Worlds;
using Xunit;

namespace Sandbox.Tests.Pages;

/// <summary>What people and tests of another process see and steer.</summary>
public sealed class ControlTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_state_names_accounts_repositories_services_and_the_last_requests()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var client = new SignedClient(sandbox.Endpoint, sandbox.KeysOf($"arn:aws:iam::{DefaultWorld.Dev}:user/admin"));
        await client.CallAsync("ecr", "DescribeRepositories", [], Token);
        using var http = new HttpClient();

        var state = JsonNode.Parse(await http.GetStringAsync(new Uri(sandbox.Endpoint, "/_sandbox/state"), Token))!;

        Assert.Equal([DefaultWorld.Registry, DefaultWorld.Dev, DefaultWorld.Production], state["accounts"]!.AsArray().Select(account => (string)account!["id"]!));
        Assert.Equal("ecr:DescribeRepositories", (string?)state["requests"]![0]!["request"]);
        Assert.Contains("\"shop\"", state["registries"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("cluster/dev", state["ecs"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_shows_hostile_text_as_text()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var http = new HttpClient();
        using var nothing = await http.GetAsync(new Uri(sandbox.Endpoint, "/%3Cscript%3Ealert(1)%3C/script%3E"), Token);

        var page = await http.GetStringAsync(sandbox.Endpoint, Token);

        Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", HttpStatusCode.OK)]
    [InlineData("{\"environment\":\"production\",\"audiences\":[\"https://a\"],\"lifetime\":\"10m\"}", HttpStatusCode.OK)]
    [InlineData("{\"environment\":\"nowhere\"}", HttpStatusCode.BadRequest)]
    [InlineData("{\"env\":\"dev\"}", HttpStatusCode.BadRequest)]
    [InlineData("[", HttpStatusCode.BadRequest)]
    public async Task Tokens_are_minted_for_tests_of_another_process(string body, HttpStatusCode status)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var http = new HttpClient();

        using var answer = await http.PostAsync(new Uri(sandbox.Endpoint, "/_sandbox/token"), new StringContent(body), Token);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status is HttpStatusCode.OK, (await answer.Content.ReadAsStringAsync(Token)).StartsWith("ey", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\"behaviour\":{\"exitAfter\":\"0s\",\"exitCode\":139},\"family\":\"shop\",\"times\":2}", HttpStatusCode.OK)]
    [InlineData("{\"behaviour\":{\"exitsAfter\":\"0s\"}}", HttpStatusCode.BadRequest)]
    [InlineData("{}", HttpStatusCode.BadRequest)]
    public async Task Behaviours_of_tasks_are_set_from_outside(string body, HttpStatusCode status)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Token);
        using var http = new HttpClient();

        using var answer = await http.PostAsync(new Uri(sandbox.Endpoint, "/_sandbox/behaviours"), new StringContent(body), Token);

        Assert.Equal(status, answer.StatusCode);
    }
}
