using Cgn.Contract.Events;
using Cgn.Contract.Settings;
using Cgn.Control.State;
using Cgn.Wire;

namespace Cgn.Control.Hosting.Events;

/// <summary>What the operator reads when a resource is used beyond its threshold, or below its low one again.</summary>
internal static class ThresholdText
{
    /// <summary>One line.</summary>
    /// <param name="told">An event of a threshold.</param>
    /// <param name="snapshot">The configuration in force.</param>
    public static string Of(in ForwarderEvent told, ConfigSnapshot snapshot)
    {
        if (told.Resource is WatchedResource.SubscriberPorts or WatchedResource.SubscriberSessions)
        {
            string who = SubscriberText.Name(
                told.SubscriberKind, told.SubscriberHigh, told.SubscriberLow, snapshot.Settings.SubscriberMaskV6);
            return $"subscriber {who} has {told.Level} {Name(told.Resource)}, its plan's threshold";
        }

        string pool = told.Resource is WatchedResource.PortBlocks or WatchedResource.PoolPorts
            && told.Pool < snapshot.Pools.Length
            ? $" of pool {snapshot.Pools[told.Pool].Name}"
            : "";
        ulong percent = told.Capacity == 0 ? 100 : told.Level * 100UL / told.Capacity;
        string has = told.Kind == EventKind.ThresholdLow ? "has only" : "has";
        return $"{Owner(told)} {has} {percent} % of its {Name(told.Resource)}{pool} in use: "
            + $"{told.Level} of {told.Capacity}{Most(told)}";
    }

    /// <summary>The name of a resource in logs and metrics.</summary>
    public static string Name(WatchedResource resource) => resource switch
    {
        WatchedResource.Subscribers => "subscribers",
        WatchedResource.Mappings => "mappings",
        WatchedResource.Sessions => "sessions",
        WatchedResource.PortBlocks => "port blocks",
        WatchedResource.Reassembly => "reassembly",
        WatchedResource.Fragments => "fragments",
        WatchedResource.Softwires => "softwires",
        WatchedResource.Addresses => "external addresses",
        WatchedResource.Ports or WatchedResource.PoolPorts or WatchedResource.AddressPorts => "ports",
        WatchedResource.SubscriberPorts => "ports in use",
        WatchedResource.SubscriberSessions => "sessions",
        _ => "resources",
    };

    private static string Owner(in ForwarderEvent told) => told.Resource == WatchedResource.AddressPorts
        ? $"external address {new Ipv4Address(told.ExternalAddress)}"
        : told.Shard == ForwarderEvent.WholeGateway ? "the gateway"
        : $"shard {told.Shard}";

    private static string Most(in ForwarderEvent told) =>
        told.Resource is not (WatchedResource.PoolPorts or WatchedResource.AddressPorts) ? ""
        : (IpProtocol)told.Protocol switch
        {
            IpProtocol.Udp => ", most of them for udp",
            IpProtocol.Tcp => ", most of them for tcp",
            IpProtocol.Icmp => ", most of them for icmp",
            _ => ", most of them for other protocols",
        };
}
