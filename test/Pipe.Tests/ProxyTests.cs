using System.Net;
using EcsDeploy;
using Xunit;

namespace Pipe.Tests;

public sealed class ProxyTests
{
    [Theory]
    [InlineData("", "https://ecs.eu-west-1.amazonaws.com", false)]
    [InlineData("amazonaws.com", "https://ecs.eu-west-1.amazonaws.com", true)]
    [InlineData(".amazonaws.com", "https://ecs.eu-west-1.amazonaws.com", true)]
    [InlineData("*.amazonaws.com", "https://ecs.eu-west-1.amazonaws.com", true)]
    [InlineData("zonaws.com", "https://ecs.eu-west-1.amazonaws.com", false)]
    [InlineData("AMAZONAWS.COM", "https://ecs.eu-west-1.amazonaws.com", true)]
    [InlineData("*", "https://ecs.eu-west-1.amazonaws.com", true)]
    [InlineData("inside.example:8443", "https://inside.example:8443", true)]
    [InlineData("inside.example:8443", "https://inside.example", false)]
    [InlineData("10.1.2.3", "https://10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "https://10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "https://11.1.2.3", false)]
    [InlineData("fd00::/8", "https://[fd00::1]", true)]
    [InlineData("", "http://127.0.0.1:4000", true)]
    [InlineData("", "http://localhost:4000", true)]
    public void NO_PROXY_is_read_as_curl_reads_it(string exceptions, string address, bool direct)
    {
        var rules = new ProxyRules(new Uri("http://proxy:3128"), exceptions.Split(',', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(direct, rules.IsBypassed(new Uri(address)));
    }

    [Fact]
    public void A_proxy_may_ask_for_a_login()
    {
        var rules = new ProxyRules(new Uri("http://me:p%40ss@proxy:3128"), []);

        Assert.Equal("http://proxy:3128/", rules.GetProxy(new Uri("https://x")).ToString());
        Assert.Equal(("me", "p@ss"), (((NetworkCredential)rules.Credentials!).UserName, ((NetworkCredential)rules.Credentials).Password));
    }
}
