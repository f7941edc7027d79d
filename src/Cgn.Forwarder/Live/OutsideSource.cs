using System;
using System.Linq;
using System.Net.NetworkInformation;
using System.Net.Sockets;

using Cgn.Contract.Settings;
using Cgn.Wire;

namespace Cgn.Forwarder.Live;

/// <summary>
/// Where our ICMP errors towards the outside come from when the configuration doesn't say: an address of the interface
/// that they leave by (RFC 1812 section 4.3.2.4).
/// </summary>
public static class OutsideSource
{
    /// <summary>Fills in the outside device's first IPv4 address, if it has one and none is configured.</summary>
    /// <param name="snapshot">The configuration.</param>
    /// <returns>The configuration to run by.</returns>
    public static ConfigSnapshot Fill(ConfigSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        GatewaySettings settings = snapshot.Settings;
        if (settings.OutsideAddress != 0)
            return snapshot;
        settings.OutsideAddress = FirstAddress(snapshot.Outside.Device);
        return snapshot with { Settings = settings };
    }

    private static uint FirstAddress(string device)
    {
        NetworkInterface? found = NetworkInterface.GetAllNetworkInterfaces()
            .FirstOrDefault(each => each.Name == device);
        return found is null ? 0 : found.GetIPProperties().UnicastAddresses
            .Where(static each => each.Address.AddressFamily == AddressFamily.InterNetwork)
            .Select(static each => Ipv4Address.Parse(each.Address.ToString()).Value)
            .FirstOrDefault();
    }
}
