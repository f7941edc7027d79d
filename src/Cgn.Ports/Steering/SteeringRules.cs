using System;
using System.Collections.Generic;

namespace Cgn.Ports.Steering;

/// <summary>
/// Which frames of a device are the gateway's; all others stay the kernel's. The one source of both the XDP program's
/// maps and the nftables rules. Only frames to a unicast MAC address are ever taken, with up to two VLAN tags.
/// </summary>
public sealed record SteeringRules
{
    /// <summary>Most entries of each IPv6 list.</summary>
    public const int MaxAftrAddresses = 256;

    /// <summary>Most entries of each list of prefixes.</summary>
    public const int MaxPrefixes = 4096;

    /// <summary>Most addresses of the box itself.</summary>
    public const int MaxOwnAddresses = 1024;

    /// <summary>
    /// IPv6 destinations, host byte order, of which everything is taken but router and neighbour discovery (RFC 4861).
    /// </summary>
    public IReadOnlyList<UInt128> AftrAddresses { get; init; } = [];

    /// <summary>IPv4 destinations that are taken: the pools.</summary>
    public IReadOnlyList<SteeringPrefix> PoolPrefixes { get; init; } = [];

    /// <summary>
    /// IPv4 sources that are taken, except towards <see cref="OwnAddresses"/>, multicast and limited broadcast: NAT444
    /// subscribers.
    /// </summary>
    public IReadOnlyList<SteeringPrefix> SubscriberPrefixes { get; init; } = [];

    /// <summary>IPv4 addresses of this box, host byte order, with the broadcast addresses of its subnets.</summary>
    public IReadOnlyList<uint> OwnAddresses { get; init; } = [];

    /// <summary>What is taken on the access side.</summary>
    /// <param name="aftrAddresses">The gateway's softwire addresses, host byte order.</param>
    /// <param name="subscribers">NAT444 subscribers.</param>
    /// <param name="ownAddresses">IPv4 addresses of this box, host byte order.</param>
    public static SteeringRules Inside(
        IReadOnlyList<UInt128> aftrAddresses,
        IReadOnlyList<SteeringPrefix> subscribers,
        IReadOnlyList<uint> ownAddresses) =>
        new() { AftrAddresses = aftrAddresses, SubscriberPrefixes = subscribers, OwnAddresses = ownAddresses };

    /// <summary>What is taken on the public side.</summary>
    /// <param name="pools">External addresses.</param>
    public static SteeringRules Outside(IReadOnlyList<SteeringPrefix> pools) => new() { PoolPrefixes = pools };

    /// <summary>Both sides' rules together, for one device that is both.</summary>
    public static SteeringRules Merge(SteeringRules first, SteeringRules second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return new SteeringRules
        {
            AftrAddresses = [.. first.AftrAddresses, .. second.AftrAddresses],
            PoolPrefixes = [.. first.PoolPrefixes, .. second.PoolPrefixes],
            SubscriberPrefixes = [.. first.SubscriberPrefixes, .. second.SubscriberPrefixes],
            OwnAddresses = [.. first.OwnAddresses, .. second.OwnAddresses],
        };
    }

    /// <summary>Refuses lists that are longer than what the kernel's maps hold.</summary>
    /// <param name="device">The device in the message.</param>
    /// <exception cref="PortException">A list is too long: which, and how long it may be.</exception>
    public void Check(string device)
    {
        Check(device, "AFTR addresses", AftrAddresses.Count, MaxAftrAddresses);
        Check(device, "pool prefixes", PoolPrefixes.Count, MaxPrefixes);
        Check(device, "subscriber prefixes", SubscriberPrefixes.Count, MaxPrefixes);
        Check(device, "addresses of this box", OwnAddresses.Count, MaxOwnAddresses);
    }

    private static void Check(string device, string what, int count, int max)
    {
        if (count > max)
            throw new PortException($"{device}: {count} {what}; at most {max} can be steered: join adjacent ones");
    }
}
