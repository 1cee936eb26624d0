using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Sandbox.Worlds;

namespace Sandbox.Ecr;

/// <summary>Whose registry a host name means: ECR's own forms of names, and the loopback address that stands for each account (127.0.0.1 the first, 127.0.0.2 the second).</summary>
internal sealed partial class RegistryHosts(World world)
{
    /// <summary>The registry that a request addresses: by its Host header, else by the address it came in on.</summary>
    public RegistryAddress Of(HttpContext context) =>
        Parse(context.Request.Host.Value ?? "") ?? OfLoopback(context.Connection.LocalIpAddress) ?? new RegistryAddress(world.Accounts[0].Id, world.Region);

    /// <summary>Null for hosts that are no registry of ours. A port is ignored.</summary>
    public RegistryAddress? Parse(string host)
    {
        var name = host.Split(':')[0];
        var match = EcrHost().Match(name);
        return match.Success ? new RegistryAddress(match.Groups["account"].Value, match.Groups["region"].Value)
            : name == "localhost" ? OfLoopback(IPAddress.Loopback)
            : IPAddress.TryParse(name, out var address) ? OfLoopback(address)
            : null;
    }

    private RegistryAddress? OfLoopback(IPAddress? address)
    {
        var bytes = address?.MapToIPv4().GetAddressBytes();
        return bytes is [127, 0, 0, var number] && number >= 1 && number <= world.Accounts.Count
            ? new RegistryAddress(world.Accounts[number - 1].Id, world.Region)
            : null;
    }

    // Plain, FIPS and China, and dual-stack (authorization.md §5.2).
    [GeneratedRegex(@"^(?<account>\d{12})\.dkr[.-]ecr(-fips)?\.(?<region>[a-z0-9-]+)\.(amazonaws\.com(\.cn)?|on\.(aws|amazonwebservices\.com\.cn))\z")]
    private static partial Regex EcrHost();
}

/// <summary>An account and region, whose registry is meant.</summary>
internal readonly record struct RegistryAddress(string AccountId, string Region);
