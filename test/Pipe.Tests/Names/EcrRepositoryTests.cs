using EcsDeploy.Names;
using Xunit;

namespace Pipe.Tests.Names;

/// <summary>Every form of host that ECR has (Amazon ECR user guide, "Endpoints"), and nothing that only looks like one.</summary>
public sealed class EcrRepositoryTests
{
    [Theory]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop", "eu-west-1", false, false)]
    [InlineData("123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/shop", "us-east-1", true, false)]
    [InlineData("123456789012.dkr-ecr.eu-west-1.on.aws/shop", "eu-west-1", false, true)]
    [InlineData("123456789012.dkr-ecr-fips.us-east-1.on.aws/shop", "us-east-1", true, true)]
    [InlineData("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/shop", "cn-north-1", false, false)]
    [InlineData("123456789012.dkr-ecr.cn-northwest-1.on.amazonwebservices.com.cn/shop", "cn-northwest-1", false, true)]
    [InlineData("123456789012.dkr.ecr.us-gov-west-1.amazonaws.com/shop", "us-gov-west-1", false, false)]
    [InlineData("123456789012.dkr.ecr-fips.us-gov-east-1.amazonaws.com/shop", "us-gov-east-1", true, false)]
    [InlineData("123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov/shop", "us-iso-east-1", false, false)]
    [InlineData("123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu/shop", "eusc-de-east-1", false, false)]
    public void A_host_of_ECR_is_understood(string text, string region, bool fips, bool dualStack)
    {
        Assert.True(EcrRepository.TryParse(text, out var repository));

        Assert.Equal(("123456789012", region, "shop", fips, dualStack), (repository.Account.Text, repository.Region, repository.Name, repository.Fips, repository.DualStack));
        Assert.Equal(text, repository.Address);
    }

    [Theory]
    [InlineData("12345678901.dkr.ecr.eu-west-1.amazonaws.com/shop")]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example/shop")]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.org/shop")]
    [InlineData("123456789012.dkr-ecr.eu-west-1.amazonaws.com/shop")]
    [InlineData("123456789012.dkr.ecr.eu-west-1.on.aws/shop")]
    [InlineData("https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop")]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:1.0")]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com/Shop")]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com")]
    [InlineData("public.ecr.aws/shop/web")]
    public void Anything_else_is_not(string text) => Assert.False(EcrRepository.TryParse(text, out _));
}
