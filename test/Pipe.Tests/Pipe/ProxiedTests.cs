using EcsDeploy;
using Sandbox.Worlds;
using Xunit;

namespace Pipe.Tests.Pipe;

/// <summary>A runner that reaches AWS through a proxy with a login and an authority of its own: AWS's real names are asked, by HTTPS, and nothing goes around the proxy.</summary>
public sealed class ProxiedTests
{
    private const string Layers = "prod-starport-layer-bucket.s3.eu-west-1.amazonaws.com";

    [Theory]
    [InlineData("dkr.ecr.eu-west-1.amazonaws.com", "api.ecr.eu-west-1.amazonaws.com")]
    [InlineData("dkr.ecr-fips.eu-west-1.amazonaws.com", "api.ecr-fips.eu-west-1.amazonaws.com")]
    [InlineData("dkr-ecr.eu-west-1.on.aws", "ecr.eu-west-1.api.aws")]
    public async Task All_of_a_deployment_goes_through_it_to_the_hosts_of_the_form_that_the_repository_has(string form, string api)
    {
        await using var run = await PipeRun.StartAsync(options: plain => plain with { Tls = true });
        run.Sandbox.Registries.Habits.DownloadHost = new Uri($"https://{Layers}");
        await using var proxy = new ConnectProxy(run.Sandbox.TlsEndpoint!);
        var host = $"{DefaultWorld.Registry}.{form}";

        var exit = await run.DeployAsync(
            ("AWS_ENDPOINT_URL", null), ("HTTPS_PROXY", proxy.Address), ("CA_BUNDLE", run.Sandbox.CaBundlePath), ("DEBUG", "true"),
            ("ECR_REPOSITORY", $"{host}/shop"), ("BASE_IMAGE", $"{host}/base/aspnet:10.0"));

        Assert.Equal(ExitCode.Done, exit);
        Assert.Equal(
            new[] { "sts.eu-west-1.amazonaws.com", "ecs.eu-west-1.amazonaws.com", api, host, Layers }.Select(name => $"{name}:443").Order(StringComparer.Ordinal),
            proxy.Asked.Order(StringComparer.Ordinal));
        Assert.DoesNotContain("hunter2", run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_of_an_unknown_authority_is_not_talked_to()
    {
        await using var run = await PipeRun.StartAsync(options: plain => plain with { Tls = true });
        await using var proxy = new ConnectProxy(run.Sandbox.TlsEndpoint!);

        var exit = await run.DeployAsync(("AWS_ENDPOINT_URL", null), ("HTTPS_PROXY", proxy.Address));

        Assert.Equal(ExitCode.Access, exit);
        run.AssertRefused("CA_BUNDLE");
        Assert.Empty(run.Requests);
    }
}
