using EcsDeploy.Registry;
using Xunit;

namespace Pipe.Tests.Registry;

public sealed class ImageReferenceTests
{
    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Theory]
    [InlineData("mcr.microsoft.com/dotnet/aspnet:10.0", "mcr.microsoft.com", "dotnet/aspnet", "10.0")]
    [InlineData("mcr.microsoft.com/dotnet/aspnet:10.0@" + Digest, "mcr.microsoft.com", "dotnet/aspnet", Digest)]
    [InlineData("alpine", "registry-1.docker.io", "library/alpine", "latest")]
    [InlineData("acme/shop:1", "registry-1.docker.io", "acme/shop", "1")]
    [InlineData("docker.io/alpine:3", "registry-1.docker.io", "library/alpine", "3")]
    [InlineData("127.0.0.1:5000/a/b", "127.0.0.1:5000", "a/b", "latest")]
    [InlineData("localhost/a", "localhost", "a", "latest")]
    [InlineData("111111111111.dkr.ecr.eu-west-1.amazonaws.com/base/aspnet:10", "111111111111.dkr.ecr.eu-west-1.amazonaws.com", "base/aspnet", "10")]
    public void Short_forms_are_made_whole(string text, string host, string name, string wanted)
    {
        var reference = ImageReference.Parse(text);

        Assert.Equal((host, name, wanted), (reference.Host, reference.Name, reference.Wanted));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("host.example/Name")]
    [InlineData("host.example/../x")]
    [InlineData("host.example/a:b:c")]
    [InlineData("host.example/a@sha256:1")]
    [InlineData("https://host.example/a")]
    [InlineData("--host.example/a")]
    public void What_is_no_image_is_refused(string? text) => Assert.False(ImageReference.TryParse(text, out _));
}
