using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

using Cgn.Contract.Settings;

namespace Cgn.Contract.Snapshots;

/// <summary>
/// Writes the body of a snapshot file; <see cref="SnapshotReader"/> reads the same in the same order.
/// </summary>
internal static class SnapshotWriter
{
    public static byte[] Body(ConfigSnapshot snapshot)
    {
        using var bytes = new MemoryStream();
        using (var to = new BinaryWriter(bytes, Encoding.UTF8))
        {
            GatewaySettings settings = snapshot.Settings;
            to.Write(snapshot.Generation);
            to.Write(snapshot.Name);
            Write(to, snapshot.Inside);
            Write(to, snapshot.Outside);
            List(to, snapshot.WorkerCpus, static (w, cpu) => w.Write(cpu));
            to.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<GatewaySettings>(in settings)));
            List(to, snapshot.AftrAddresses, Write);
            List(to, snapshot.SoftwireSources, Write);
            List(to, snapshot.InnerSources, Write);
            List(to, snapshot.Nat444Sources, Write);
            List(to, snapshot.Pools, Write);
            List(to, snapshot.Plans, Write);
            List(to, snapshot.StaticSubscribers, Write);
            List(to, snapshot.StaticMappings, Write);
            List(to, snapshot.UdpPortTimeouts, Write);
            List(to, snapshot.PassThrough, Write);
            List(to, snapshot.PassThroughBindings, Write);
            List(to, snapshot.GatewayPorts, Write);
            List(to, snapshot.InsideDeny, Write);
            List(to, snapshot.OutsideDeny, Write);
            Write(to, snapshot.WalledGarden);
        }

        return bytes.ToArray();
    }

    private static void List<T>(BinaryWriter to, T[] items, Action<BinaryWriter, T> write)
    {
        to.Write(items.Length);
        foreach (T item in items)
            write(to, item);
    }

    private static void Write(BinaryWriter to, InterfaceSettings device)
    {
        to.Write(device.Device);
        to.Write((byte)device.Driver);
    }

    private static void Write(BinaryWriter to, Ipv6PrefixSetting prefix)
    {
        to.Write(prefix.High);
        to.Write(prefix.Low);
        to.Write(prefix.Length);
    }

    private static void Write(BinaryWriter to, Ipv4PrefixSetting prefix)
    {
        to.Write(prefix.Address);
        to.Write(prefix.Length);
    }

    private static void Write(BinaryWriter to, PoolSettings pool)
    {
        to.Write(pool.Name);
        List(to, pool.Prefixes, Write);
        to.Write(pool.FirstPort);
        to.Write(pool.LastPort);
        to.Write(pool.PortSetSize);
        to.Write(pool.PortSetTimeout);
        to.Write(pool.InitialPortSetSize);
        to.Write(pool.PortSetActiveTimeout);
        to.Write(pool.HoldDownMax);
        List(to, pool.ReservedPorts, Write);
        List(to, pool.Match, Write);
        List(to, pool.Drain, Write);
        to.Write(pool.DynamicFactor);
        to.Write(pool.PortsMax);
    }

    private static void Write(BinaryWriter to, PortRangeSetting ports)
    {
        to.Write(ports.First);
        to.Write(ports.Last);
    }

    private static void Write(BinaryWriter to, PlanSettings plan)
    {
        to.Write(plan.Name);
        to.Write(plan.RateDown);
        to.Write(plan.RateUp);
        to.Write(plan.MaxPortSets);
        to.Write(plan.ConnectionLimit);
        to.Write(plan.ConnectionRateLimit);
        to.Write(plan.BurstMs);
        to.Write(plan.PortLimit);
        to.Write(plan.PortQuotaTcp);
        to.Write(plan.PortQuotaUdp);
        to.Write(plan.PortQuotaIcmp);
        to.Write(plan.PortQuotaOther);
        to.Write(plan.MappingLimit);
        to.Write(plan.ConnectionRateBurst);
        List(to, plan.ReservedPorts, Write);
        to.Write(plan.Pool);
        to.Write((byte)plan.Gateways);
        to.Write(plan.WalledGarden);
        to.Write(plan.PortThreshold);
        to.Write(plan.SessionThreshold);
    }

    private static void Write(BinaryWriter to, StaticSubscriber subscriber)
    {
        Write(to, subscriber.Prefix);
        to.Write(subscriber.Plan);
        to.Write(subscriber.Pool);
    }

    private static void Write(BinaryWriter to, StaticMapping mapping)
    {
        to.Write(mapping.SubscriberHigh);
        to.Write(mapping.SubscriberLow);
        to.Write(mapping.IsDsLite);
        to.Write(mapping.Protocol);
        to.Write(mapping.InternalAddress);
        to.Write(mapping.InternalPort);
        to.Write(mapping.ExternalAddress);
        to.Write(mapping.ExternalPort);
    }

    private static void Write(BinaryWriter to, GatewayPort port)
    {
        to.Write((byte)port.Gateway);
        to.Write(port.Protocol);
        to.Write(port.Port);
    }

    private static void Write(BinaryWriter to, UdpPortTimeout timeout)
    {
        to.Write(timeout.Port);
        to.Write(timeout.Ticks);
    }

    private static void Write(BinaryWriter to, PassThroughRule rule)
    {
        Write(to, rule.Destination);
        to.Write(rule.Protocol);
        to.Write(rule.Port);
    }

    private static void Write(BinaryWriter to, AccessRule rule)
    {
        Write(to, rule.Source);
        Write(to, rule.Destination);
    }

    private static void Write(BinaryWriter to, WalledGardenSettings garden)
    {
        to.Write(garden.Portal);
        List(to, garden.Allow, Write);
        to.Write(garden.AllowDns);
        to.Write(garden.OriginalUrlKey);
        to.Write(garden.AnswersPerSecond);
    }

    private static void Write(BinaryWriter to, PassThroughBinding binding)
    {
        Write(to, binding.Addresses);
        to.Write(binding.B4High);
        to.Write(binding.B4Low);
    }
}
