using System;
using System.Linq;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Text;

namespace Cgn.Control.Dhcpv6;

/// <summary>Who a server is to its clients (RFC 8415 §11).</summary>
internal static class ServerDuid
{
    private const int MacBytes = 6;
    private const int UuidBytes = 16;

    /// <summary>By the link-layer address of a device (DUID-LL); for one that has none, by the gateway's name
    /// (DUID-UUID).</summary>
    public static byte[] Of(string device, string gateway)
    {
        byte[]? mac = NetworkInterface.GetAllNetworkInterfaces()
            .FirstOrDefault(all => all.Name == device)?.GetPhysicalAddress().GetAddressBytes();
        return mac is { Length: MacBytes } ? [0, 3, 0, 1, .. mac]
            : [0, 4, .. SHA256.HashData(Encoding.UTF8.GetBytes(gateway)).AsSpan(0, UuidBytes)];
    }
}
