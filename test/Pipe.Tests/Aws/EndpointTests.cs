using EcsDeploy.Aws;
using EcsDeploy.Names;
using Xunit;

namespace Pipe.Tests.Aws;

public sealed class EndpointTests
{
    [Theory]
    [InlineData("ecs", "eu-west-1", false, false, "https://ecs.eu-west-1.amazonaws.com/")]
    [InlineData("ecr", "eu-west-1", false, false, "https://api.ecr.eu-west-1.amazonaws.com/")]
    [InlineData("ecr", "eu-west-1", false, true, "https://ecr.eu-west-1.api.aws/")]
    [InlineData("ecr", "us-east-1", true, false, "https://api.ecr-fips.us-east-1.amazonaws.com/")]
    [InlineData("ecr", "us-east-1", true, true, "https://ecr-fips.us-east-1.api.aws/")]
    [InlineData("sts", "cn-north-1", false, false, "https://sts.cn-north-1.amazonaws.com.cn/")]
    [InlineData("sts", "us-gov-west-1", true, false, "https://sts.us-gov-west-1.amazonaws.com/")]
    [InlineData("logs", "us-gov-east-1", true, false, "https://logs.us-gov-east-1.amazonaws.com/")]
    [InlineData("logs", "ca-central-1", true, false, "https://logs-fips.ca-central-1.amazonaws.com/")]
    [InlineData("ecs", "xx-future-9", false, false, "https://ecs.xx-future-9.amazonaws.com/")]
    public void A_service_has_its_address(string service, string region, bool fips, bool dualStack, string address) =>
        Assert.Equal(address, AwsEndpoints.Of(service, region, fips, dualStack).ToString());

    [Fact]
    public void Addresses_are_those_of_the_published_rules()
    {
        var models = AwsModels.Folder();
        Assert.SkipWhen(models is null, "Amazon's models do not lie beside this checkout.");

        var wrong = from service in (string[])["ecs", "ecr", "logs", "sts"]
                    let rules = EndpointRules.Read(Path.Combine(models, $"{service}.endpoint-rule-set-1.json"))
                    from region in AwsModels.Partitions(models).SelectMany(partition => partition.Regions)
                    from fips in (bool[])[false, true]
                    from dualStack in (bool[])[false, true]
                    let ours = AwsEndpoints.Of(service, region, fips, dualStack).ToString().TrimEnd('/')
                    let theirs = rules.Resolve(region, fips, dualStack)
                    where ours != theirs
                    select $"{service} {region} fips={fips} dual={dualStack}: {ours}, not {theirs}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Partitions_are_those_of_the_published_list()
    {
        var models = AwsModels.Folder();
        Assert.SkipWhen(models is null, "Amazon's models do not lie beside this checkout.");

        var wrong = from partition in AwsModels.Partitions(models)
                    from region in partition.Regions
                    let ours = AwsPartition.Of(region)
                    where (ours.Name, ours.DnsSuffix) != (partition.Name, partition.DnsSuffix)
                    select $"{region}: {ours}, not {partition.Name} {partition.DnsSuffix}";

        Assert.Empty(wrong);
    }
}
