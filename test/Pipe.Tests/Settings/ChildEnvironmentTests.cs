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

    private static Dictionary<string, string> Environment(string name) => new() { [name] = "value" };
}
