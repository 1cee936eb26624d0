using EcsDeploy.Registry;
using Xunit;

namespace Pipe.Tests.Registry;

/// <summary>Where a registry may send us.</summary>
public sealed class EndpointTests
{
    [Theory]
    [InlineData("registry.example.com", "https://registry.example.com/")]
    [InlineData("registry.example.com:5000", "https://registry.example.com:5000/")]
    [InlineData("127.0.0.1:5000", "http://127.0.0.1:5000/")]
    [InlineData("localhost", "http://localhost/")]
    [InlineData("[::1]:5000", "http://[::1]:5000/")]
    [InlineData("192.168.1.4:5000", "https://192.168.1.4:5000/")]
    public void Plain_http_is_for_loopback_only(string host, string root) => Assert.Equal(root, RegistryEndpoint.Of(host).Root.AbsoluteUri);

    [Theory]
    [InlineData("https://prod-eu-west-1-starport-layer-bucket.s3.eu-west-1.amazonaws.com/x?y=z", true)]
    [InlineData("https://registry.example.com/v2/x", true)]
    [InlineData("http://registry.example.com/v2/x", false)]
    [InlineData("https://169.254.169.254/latest", false)]
    [InlineData("https://[fe80::1]/", false)]
    [InlineData("https://[fd00::1]/", false)]
    [InlineData("https://[::ffff:10.0.0.1]/", false)]
    [InlineData("https://[::1]/", false)]
    [InlineData("https://10.1.2.3/", false)]
    [InlineData("https://172.31.0.1/", false)]
    [InlineData("https://172.32.0.1/", true)]
    [InlineData("https://192.168.0.1/", false)]
    [InlineData("https://100.64.0.1/", false)]
    [InlineData("https://0.0.0.0/", false)]
    [InlineData("https://2130706433/", false)]
    [InlineData("https://localhost/", false)]
    [InlineData("https://localhost./", false)]
    [InlineData("https://[::127.0.0.1]/", false)]
    [InlineData("https://[64:ff9b::a9fe:a9fe]/", false)]
    [InlineData("https://[64:ff9b::808:808]/", true)]
    [InlineData("file:///etc/passwd", false)]
    public void A_public_registry_sends_us_to_public_places_by_https(string target, bool followed) =>
        Assert.Equal(followed, RegistryEndpoint.Of("registry.example.com").RefusalOf(new Uri(target)) is null);

    [Theory]
    [InlineData("192.168.1.4:5000", "https://192.168.1.5/blob", true)]
    [InlineData("127.0.0.1:5000", "http://127.0.0.1:6000/blob", true)]
    [InlineData("192.168.1.4:5000", "http://192.168.1.5/blob", false)]
    public void A_registry_in_a_private_network_may_name_its_neighbours(string host, string target, bool followed) =>
        Assert.Equal(followed, RegistryEndpoint.Of(host).RefusalOf(new Uri(target)) is null);

    // "//host" behind the registry's own name is a path of it, and no other host.
    [Fact]
    public void A_stand_in_is_asked_for_every_path_of_the_registry()
    {
        var endpoint = RegistryEndpoint.Of("registry.example.com", new Uri("https://stand-in.example.com:8443"));

        Assert.Equal("https://stand-in.example.com:8443//169.254.169.254/latest?a=b", endpoint.Mapped(new Uri("https://registry.example.com//169.254.169.254/latest?a=b")).AbsoluteUri);
    }
}
