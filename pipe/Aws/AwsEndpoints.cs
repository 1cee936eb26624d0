using EcsDeploy.Names;

namespace EcsDeploy.Aws;

/// <summary>The address of a service in a region: what botocore's endpoint rule sets say for the four services that are called, in a dozen lines.</summary>
internal static class AwsEndpoints
{
    public static Uri Of(string service, string region, bool fips, bool dualStack)
    {
        var partition = AwsPartition.Of(region);
        var suffix = dualStack ? partition.DualStackDnsSuffix : partition.DnsSuffix;
        return new Uri($"https://{HostName(service, partition.Name, fips, dualStack)}.{region}.{suffix}");
    }

    private static string HostName(string service, string partition, bool fips, bool dualStack) => (service, partition, fips, dualStack) switch
    {
        ("ecr", _, false, false) => "api.ecr",
        ("ecr", _, true, false) => "api.ecr-fips",
        // GovCloud's plain hosts of these two are the FIPS ones.
        ("sts" or "logs", "aws-us-gov", true, false) => service,
        (_, _, true, _) => $"{service}-fips",
        _ => service,
    };
}
