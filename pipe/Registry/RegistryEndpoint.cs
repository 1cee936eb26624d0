using System.Net;
using System.Net.Sockets;

namespace EcsDeploy.Registry;

/// <summary>A registry's name and where it is really asked: https at its own name, plain http only on loopback, or another address that stands in for it.</summary>
internal sealed class RegistryEndpoint
{
    private readonly Uri? _address;

    private RegistryEndpoint(string host, Uri? address)
    {
        Host = host;
        _address = address;
        Root = new Uri($"{address?.Scheme ?? (IsLoopback(host) ? Uri.UriSchemeHttp : Uri.UriSchemeHttps)}://{host}/");
    }

    /// <summary>As it stands in an image's name.</summary>
    public string Host { get; }

    /// <summary>The registry under its own name; every address is built on it and mapped only when it is sent.</summary>
    public Uri Root { get; }

    /// <param name="host">The registry, with a port where it has one.</param>
    /// <param name="address">Asked instead of the registry itself (AWS_ENDPOINT_URL_ECR), under the registry's name; null for the registry itself.</param>
    public static RegistryEndpoint Of(string host, Uri? address = null) => new(host, address);

    /// <summary>What is connected to for an address of this registry.</summary>
    public Uri Mapped(Uri uri) => _address is not null && uri.Authority == Root.Authority ? new UriBuilder(uri) { Scheme = _address.Scheme, Host = _address.Host, Port = _address.Port }.Uri : uri;

    /// <summary>
    /// True when the credentials of this registry may go there: its own host and port, under either name. With a stand-in the registry's own name is always
    /// mapped to it, whichever scheme it is written with.
    /// </summary>
    public bool Owns(Uri uri) => SameOrigin(uri, Root) || (_address is not null && (uri.Authority == Root.Authority || SameOrigin(uri, _address)));

    /// <summary>
    /// Why an address that the registry sent us to is not followed; null when it is fine. A hostile registry must not make us talk to the machine's
    /// own services or to the cloud's metadata address (the guard of go-containerregistry's nextLocation), nor drop encryption.
    /// </summary>
    public string? RefusalOf(Uri target)
    {
        if (Owns(target))
        {
            return null;
        }

        var connected = _address ?? Root;
        if (target.Scheme != Uri.UriSchemeHttps && target.Scheme != connected.Scheme)
        {
            return $"{target.Scheme} is not {connected.Scheme}";
        }

        return IsPrivate(target.Host) && !IsPrivate(connected.Host) ? "that is a private address" : null;
    }

    private static bool SameOrigin(Uri left, Uri right) => left.Scheme == right.Scheme && left.Authority == right.Authority;

    private static bool IsLoopback(string host)
    {
        var name = new Uri($"https://{host}/").DnsSafeHost;
        return name == "localhost" || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address));
    }

    private static bool IsPrivate(string host)
    {
        host = host.TrimEnd('.');
        if (host == "localhost" || host.EndsWith(".localhost", StringComparison.Ordinal))
        {
            return true;
        }

        if (!IPAddress.TryParse(host.Trim('[', ']'), out var address))
        {
            return false;
        }

        // Mapped, translated (RFC 6052) and the old compatible form: all three stand for an address of version 4.
        address = address.GetAddressBytes() is [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ..] or [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, ..] or [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, not 0, ..]
            ? new IPAddress(address.GetAddressBytes().AsSpan(12))
            : address;
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal || address.Equals(IPAddress.IPv6Any);
        }

        // Loopback, "this host", RFC 1918, shared (RFC 6598) and link-local.
        return address.GetAddressBytes() is [0 or 10 or 127, ..] or [172, >= 16 and <= 31, ..] or [192, 168, ..] or [100, >= 64 and <= 127, ..] or [169, 254, ..];
    }
}
