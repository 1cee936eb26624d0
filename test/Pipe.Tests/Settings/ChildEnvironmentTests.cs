using EcsDeploy.Settings;
using Xunit;

namespace Pipe.Tests.Settings;

public sealed class ChildEnvironmentTests
{
    [Theory]
    [InlineData("AWS_ACCESS_KEY_ID")]
    [InlineData("AWS_SECRET_ACCESS_KEY")]
    [InlineData("AWS_SESSION_TOKEN")]
    [InlineData("AWS_WEB_IDENTITY_TOKEN_FILE")]
    [InlineData("CONTEXT_AWS_SECRET_ACCESS_KEY")]
    [InlineData("BITBUCKET_STEP_OIDC_TOKEN")]
    [InlineData("BITBUCKET_SOMETHING_NEW_TOKEN")]
    [InlineData("PIPELINES_JWT_TOKEN")]
    [InlineData("BITBUCKET_APP_PASSWORD")]
    [InlineData("BASE_IMAGE_PASSWORD")]
    [InlineData("CONTEXT_BASE_IMAGE_PASSWORD")]
    public void A_child_does_not_see(string name) => Assert.DoesNotContain(name, ChildEnvironment.Of(Environment(name)).Keys);

    [Theory]
    [InlineData("PATH")]
    [InlineData("NUGET_API_KEY")]
    [InlineData("HTTPS_PROXY")]
    [InlineData("BITBUCKET_COMMIT")]
    [InlineData("VSS_NUGET_EXTERNAL_FEED_ENDPOINTS")]
    public void A_child_sees(string name) => Assert.Contains(name, ChildEnvironment.Of(Environment(name)).Keys);

    [Fact]
    public void The_redactor_gets_every_secret_that_the_step_brings()
    {
        var secrets = SecretVariables.In(new Dictionary<string, string>
        {
            ["AWS_SECRET_ACCESS_KEY"] = "one",
            ["CONTEXT_AWS_SESSION_TOKEN"] = "two",
            ["BITBUCKET_STEP_OIDC_TOKEN"] = "three",
            ["HTTPS_PROXY"] = "http://me:p%40ss@proxy:3128",
            ["PATH"] = "/usr/bin",
        });

        Assert.Equal(["one", "two", "three", "p%40ss", "p@ss"], secrets);
    }

    [Theory]
    [InlineData("HTTPS_PROXY", "me:hunter2@proxy:3128")]
    [InlineData("HTTPS_PROXY", " me:hunter2@proxy:3128 ")]
    [InlineData("CONTEXT_HTTPS_PROXY", "http://me:hunter2@proxy:3128")]
    [InlineData("https_proxy", "http://me:hunter2@proxy")]
    [InlineData("HTTP_PROXY", "proxy://:hunter2@proxy:nowhere")]
    [InlineData("HTTPS_PROXY", "http://me:hunter2@two@proxy:3128")]
    public void The_password_of_a_proxy_is_known_however_it_is_written(string name, string value) =>
        Assert.All(SecretVariables.In(new Dictionary<string, string> { [name] = value }), secret => Assert.StartsWith("hunter2", secret, StringComparison.Ordinal));

    [Theory]
    [InlineData("http://proxy:3128")]
    [InlineData("proxy:3128")]
    [InlineData("http://me@proxy:3128")]
    [InlineData("")]
    public void A_proxy_without_a_password_brings_no_secret(string value) => Assert.Empty(SecretVariables.In(new Dictionary<string, string> { ["HTTPS_PROXY"] = value }));

    [Fact]
    public void Children_reach_the_network_as_the_pipe_does()
    {
        var settings = Given.With("CONTEXT_HTTPS_PROXY=proxy.example:3128", "CONTEXT_NO_PROXY=a.example, b.example", "https_proxy=http://other").Read();

        var children = ChildEnvironment.With(new Dictionary<string, string> { ["https_proxy"] = "http://other", ["PATH"] = "/bin" }, settings.Network, "/folder/authorities.pem");

        Assert.Equal(
            new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["HTTPS_PROXY"] = "http://proxy.example:3128",
                ["NO_PROXY"] = "a.example,b.example",
                ["PATH"] = "/bin",
                ["SSL_CERT_FILE"] = "/folder/authorities.pem",
                ["https_proxy"] = "http://proxy.example:3128",
                ["no_proxy"] = "a.example,b.example",
            },
            new SortedDictionary<string, string>(children.ToDictionary(), StringComparer.Ordinal));
    }

    [Fact]
    public void Children_keep_what_the_step_says_where_nothing_was_asked_for()
    {
        var environment = new Dictionary<string, string> { ["https_proxy"] = "http://other", ["SSL_CERT_FILE"] = "/mine.pem" };

        Assert.Equal(environment, ChildEnvironment.With(environment, Given.With().Read().Network, null));
    }

    private static Dictionary<string, string> Environment(string name) => new() { [name] = "value" };
}
