namespace EcsDeploy.Names;

/// <summary>A part of AWS with accounts and host names of its own (botocore's partitions.json): the world, China, GovCloud, the isolated ones, Europe's sovereign cloud.</summary>
internal sealed record AwsPartition(string Name, string DnsSuffix, string DualStackDnsSuffix)
{
    private static readonly AwsPartition World = new("aws", "amazonaws.com", "api.aws");

    private static readonly (string RegionPrefix, AwsPartition Partition)[] Others =
    [
        ("cn-", new("aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn")),
        ("us-gov-", new("aws-us-gov", "amazonaws.com", "api.aws")),
        ("us-iso-", new("aws-iso", "c2s.ic.gov", "api.aws.ic.gov")),
        ("us-isob-", new("aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud")),
        ("eu-isoe-", new("aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk")),
        ("us-isof-", new("aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov")),
        ("eusc-", new("aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu")),
    ];

    /// <summary>Where a region lies; a region that is not known yet lies in the world's partition.</summary>
    public static AwsPartition Of(string region) =>
        Others.FirstOrDefault(other => region.StartsWith(other.RegionPrefix, StringComparison.Ordinal)).Partition ?? World;
}
