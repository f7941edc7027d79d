using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

using Cgn.Contract.Settings;
using Cgn.Wire;

namespace Cgn.Forwarder.Live;

/// <summary>
/// Addresses that the box has on an interface though they are the gateway's: what comes for them by the gateway's
/// devices never reaches the box, and what comes otherwise is answered by its kernel.
/// </summary>
internal static class OwnedAddresses
{
    private const int NamedMax = 4;

    /// <summary>All addresses of the box, by device.</summary>
    internal static IEnumerable<(string Device, IPAddress Address)> OfBox() =>
        from device in NetworkInterface.GetAllNetworkInterfaces()
        from each in device.GetIPProperties().UnicastAddresses
        select (device.Name, each.Address);

    /// <summary>Compares a configuration with the addresses of a box.</summary>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="box">The box's addresses, by device.</param>
    /// <returns>A sentence for each device and pool, and for each device with addresses of the AFTR.</returns>
    internal static IEnumerable<string> Notes(
        ConfigSnapshot snapshot, IEnumerable<(string Device, IPAddress Address)> box) =>
        from each in box
        let what = What(snapshot, each.Address)
        where what is not null
        group each.Address by (what, each.Device) into found
        select Note(found.Key.what, found.Key.Device, [.. found.Select(static address => address.ToString())]);

    private static string? What(ConfigSnapshot snapshot, IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            // A link-local address has a scope in its text.
            return Ipv6Address.TryParse(address.ToString(), out Ipv6Address ipv6)
                && Array.Exists(snapshot.AftrAddresses, aftr => aftr.Contains(ipv6.High, ipv6.Low))
                ? "ds-lite.aftr-ipv6-address"
                : null;
        }

        uint number = Ipv4Address.Parse(address.ToString()).Value;
        PoolSettings? pool = Array.Find(
            snapshot.Pools, pool => Array.Exists(pool.Prefixes, prefix => prefix.Contains(number)));
        return pool is null ? null : $"pool {pool.Name}";
    }

    private static string Note(string what, string device, string[] addresses)
    {
        string named = string.Join(", ", addresses.Take(NamedMax));
        string more = addresses.Length > NamedMax ? $" and {addresses.Length - NamedMax} more" : "";
        return $"{device} has {named}{more} of {what}: what comes for it is the gateway's and never reaches this box, "
            + $"whose kernel may answer in the gateway's place; 'ip address del {addresses[0]} dev {device}' and a "
            + "route to this box, or take it out of the configuration";
    }
}
