using System.Net;
using System.Text;
using Sandbox.Ecr;
using Sandbox.Tests.Ecr;
using Xunit;

namespace Sandbox.Tests.Registry;

public class AuthenticationTests
{
    [Fact]
    public async Task A_token_of_the_api_opens_the_registry()
    {
        await using var host = await RegistryHost.StartAsync();

        using var answer = await host.SendAsync(HttpMethod.Get, "/v2/");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("registry/2.0", Assert.Single(answer.Headers.GetValues("Docker-Distribution-Api-Version")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("!!!")]
    [InlineData("AWS:never-issued")]
    [InlineData("admin:x")]
    public async Task Anything_else_is_asked_for_basic_credentials(string credentials)
    {
        await using var host = await RegistryHost.StartAsync();
        host.Password = credentials == "!!!" ? credentials : Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));

        using var answer = await host.SendAsync(HttpMethod.Get, "/v2/");

        // kube-image-keeper#172: "401 Unauthorized: Not Authorized\n".
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Not Authorized\n", await answer.TextAsync());
        Assert.Equal("Basic", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
    }

    [Fact]
    public async Task A_registry_that_is_not_Amazons_may_ask_for_a_token_from_elsewhere()
    {
        await using var host = await RegistryHost.StartAsync();
        (host.Password, host.Ecr.Habits.TokenRealm) = ("", new Uri("https://tokens.example/token"));

        using var answer = await host.SendAsync(HttpMethod.Get, "/v2/");

        Assert.Equal("Bearer realm=\"https://tokens.example/token\"", Assert.Single(answer.Headers.WwwAuthenticate).ToString());
    }

    [Fact]
    public async Task The_password_goes_with_the_user_name_AWS_only()
    {
        await using var host = await RegistryHost.StartAsync();
        var password = Encoding.UTF8.GetString(Convert.FromBase64String(host.Password))["AWS:".Length..];
        host.Password = Convert.ToBase64String(Encoding.UTF8.GetBytes("aws:" + password));

        using var answer = await host.SendAsync(HttpMethod.Get, "/v2/");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_token_is_good_in_its_own_region_only()
    {
        await using var host = await RegistryHost.StartAsync();
        host.Password = host.Ecr.Parts.Tokens.Issue(EcrFixture.Pusher, "us-east-1").Encoded;

        using var here = await host.SendAsync(HttpMethod.Get, "/v2/");
        using var there = await host.SendAsync(HttpMethod.Get, "/v2/", null, request => request.Headers.Host = "111111111111.dkr.ecr.us-east-1.amazonaws.com");

        Assert.Equal(HttpStatusCode.Unauthorized, here.StatusCode);
        Assert.Equal(HttpStatusCode.OK, there.StatusCode);
    }

    [Fact]
    public async Task A_token_ends_after_twelve_hours()
    {
        await using var host = await RegistryHost.StartAsync();
        host.Ecr.Clock.Now += RegistryTokens.Lifetime - TimeSpan.FromSeconds(1);
        using var before = await host.SendAsync(HttpMethod.Get, "/v2/");
        host.Ecr.Clock.Now += TimeSpan.FromSeconds(1);
        using var after = await host.SendAsync(HttpMethod.Get, "/v2/");

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);

        // aws-cli#6580.
        Assert.Equal(HttpStatusCode.Forbidden, after.StatusCode);
        Assert.Equal("DENIED: Your authorization token has expired. Reauthenticate and try again.", await after.ErrorAsync());
    }

    [Theory]
    [InlineData("111111111111.dkr.ecr.eu-west-1.amazonaws.com", "111111111111", "eu-west-1")]
    [InlineData("222222222222.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "222222222222", "us-gov-west-1")]
    [InlineData("333333333333.dkr.ecr.cn-north-1.amazonaws.com.cn", "333333333333", "cn-north-1")]
    [InlineData("111111111111.dkr-ecr.eu-west-1.on.aws", "111111111111", "eu-west-1")]
    [InlineData("127.0.0.1:5000", "111111111111", "eu-west-1")]
    [InlineData("127.0.0.3", "333333333333", "eu-west-1")]
    [InlineData("localhost:1", "111111111111", "eu-west-1")]
    [InlineData("127.0.0.4", null, null)]
    [InlineData("docker.io", null, null)]
    public void A_host_name_says_whose_registry_is_meant(string host, string? account, string? region)
    {
        using var ecr = new EcrFixture();

        var address = ecr.Parts.Hosts.Parse(host);

        Assert.Equal((account, region), (address?.AccountId, address?.Region));
    }
}
