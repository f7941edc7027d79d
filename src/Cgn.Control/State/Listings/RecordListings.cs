using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Control.Hosting;
using Cgn.Control.Hosting.Metrics;
using Cgn.Memory.Tables;
using Cgn.Wire;

namespace Cgn.Control.State.Listings;

/// <summary>Listings of the records: subscribers, port blocks, mappings and sessions.</summary>
public static class RecordListings
{
    private const int BitsAbove32 = 32;

    /// <summary>Subscribers.</summary>
    /// <param name="view">The gateway's state.</param>
    /// <param name="filter">Which.</param>
    public static Listing Subscribers(StateView view, ListingFilter filter) => new(
        [
            "subscriber", "kind", "b4", "external_address", "plan", "overrides", "port_blocks", "mappings", "sessions",
            "bytes_up", "bytes_down", "packets_up", "packets_down", "idle_seconds", "shard",
        ],
        from found in Live(view, static shard => shard.Subscribers)
        let s = found.Record
        where Asks(view, filter, s) && (filter.External is null || Owns(view, filter, found.Shard, found.Number))
        select new object?[]
        {
            Name(view, s), SubscriberText.Name(s.Kind),
            s.Kind == SubscriberKind.DsLite ? new Ipv6Address(s.B4High, s.B4Low).ToString() : null,
            s.ExternalAddress == 0 ? null : Text(s.ExternalAddress), PlanText.Plan(view, s.Plan),
            PlanText.Overrides(view, s.Plan), s.BlockCount, s.MappingCount, s.SessionCount, s.BytesUp, s.BytesDown,
            s.PacketsUp | (
                (ulong)s.PacketsUpHigh << BitsAbove32), s.PacketsDown | ((ulong)s.PacketsDownHigh << BitsAbove32),
            Seconds(s.LastActive), found.Shard,
        });

    /// <summary>Port blocks that are given out.</summary>
    /// <param name="view">The gateway's state.</param>
    /// <param name="filter">Which.</param>
    public static Listing PortBlocks(StateView view, ListingFilter filter) => new(
        [
            "external_address", "port_start", "port_end", "pool", "subscriber", "kind", "allocated",
            "used_udp", "used_tcp", "used_icmp", "used_other", "shard",
        ],
        from found in Blocks(view)
        let b = found.Block
        let s = Owner(view, found.Shard, b.Subscriber)
        where filter.Asks(b.ExternalAddress, b.FirstPort, b.LastPort) && Asks(view, filter, s)
        select new object?[]
        {
            Text(b.ExternalAddress), b.FirstPort, b.LastPort, PoolOf(view, b.ExternalAddress), Name(view, s),
            SubscriberText.Name(s.Kind), Time(b.AllocatedUnixSeconds), b.UsedUdp, b.UsedTcp, b.UsedIcmp, b.UsedOther,
            found.Shard,
        });

    /// <summary>Mappings, held ones included.</summary>
    /// <param name="view">The gateway's state.</param>
    /// <param name="filter">Which.</param>
    public static Listing Mappings(StateView view, ListingFilter filter) => new(
        [
            "protocol", "internal_address", "internal_port", "external_address", "external_port", "state", "sessions",
            "subscriber", "shard",
        ],
        from found in Live(view, static shard => shard.Mappings)
        let m = found.Record
        let s = Owner(view, found.Shard, m.Subscriber)
        where filter.Asks(m.ExternalAddress, m.ExternalPort, m.ExternalPort) && Asks(view, filter, s)
        select new object?[]
        {
            RecordText.Protocol(m.Protocol), Text(m.InternalAddress), m.InternalPort,
            Text(m.ExternalAddress), m.ExternalPort, RecordText.Of(m.State), m.SessionCount, Name(view, s), found.Shard,
        });

    /// <summary>Sessions, those whose time has passed and that are not swept yet included.</summary>
    /// <param name="view">The gateway's state.</param>
    /// <param name="filter">Which.</param>
    public static Listing Sessions(StateView view, ListingFilter filter) => new(
        [
            "protocol", "internal_address", "internal_port", "external_address", "external_port",
            "remote_address", "remote_port", "state", "idle_seconds", "subscriber", "shard",
        ],
        from found in Live(view, static shard => shard.Sessions)
        let s = found.Record
        let owner = Owner(view, found.Shard, s.Subscriber)
        where filter.Asks(s.ExternalAddress, s.ExternalPort, s.ExternalPort) && Asks(view, filter, owner)
        select new object?[]
        {
            RecordText.Protocol(s.Protocol), Text(s.InternalAddress), s.InternalPort,
            Text(s.ExternalAddress), s.ExternalPort, Text(s.RemoteAddress), s.RemotePort,
            RecordText.Of(s.State), Seconds(s.LastActive), Name(view, owner), found.Shard,
        });

    private static IEnumerable<(int Shard, uint Number, T Record)> Live<T>(
        StateView view, Func<ShardView, Memory.Arenas.NativeArray<T>> records)
        where T : unmanaged, ISlabRecord
    {
        for (int shard = 0; shard < view.Shards.Length; shard++)
        {
            Memory.Arenas.NativeArray<T> places = records(view.Shards[shard]);
            for (uint number = 1; number < places.Length; number++)
            {
                T record = places[number];
                if (record.IsLive)
                    yield return (shard, number, record);
            }
        }
    }

    private static IEnumerable<(int Shard, BlockRecord Block)> Blocks(StateView view)
    {
        for (int shard = 0; shard < view.Shards.Length; shard++)
        {
            for (uint number = 1; number < view.Shards[shard].Blocks.Length; number++)
            {
                BlockRecord block = view.Shards[shard].Blocks[number];
                if (block.IsGivenOut)
                    yield return (shard, block);
            }
        }
    }

    private static bool Owns(StateView view, ListingFilter filter, int shard, uint subscriber) =>
        Blocks(view).Any(found => found.Shard == shard && found.Block.Subscriber == subscriber
            && filter.Asks(found.Block.ExternalAddress, found.Block.FirstPort, found.Block.LastPort))
        || Live(view, static s => s.Mappings).Any(found => found.Shard == shard && found.Record.Subscriber == subscriber
            && filter.Asks(found.Record.ExternalAddress, found.Record.ExternalPort, found.Record.ExternalPort));

    // A record may change hands while it is read: a number out of range names nobody.
    private static SubscriberRecord Owner(StateView view, int shard, uint number) =>
        number < view.Shards[shard].Subscribers.Length ? view.Shards[shard].Subscribers[number] : default;

    private static bool Asks(StateView view, ListingFilter filter, in SubscriberRecord s) =>
        filter.Asks(s.Kind == SubscriberKind.DsLite, s.B4High, s.B4Low, view.Snapshot.Settings.SubscriberMaskV6);

    private static string Name(StateView view, in SubscriberRecord s) =>
        SubscriberText.Name(s.Kind, s.B4High, s.B4Low, view.Snapshot.Settings.SubscriberMaskV6);

    private static string Text(uint address) => new Ipv4Address(address).ToString();

    private static string? PoolOf(StateView view, uint address)
    {
        PoolSettings[] pools = view.Snapshot.Pools;
        int pool = BlockUse.PoolOf(pools, address);
        return pool < 0 ? null : pools[pool].Name;
    }

    private static string Time(uint unixSeconds) =>
        DateTimeOffset.FromUnixTimeSeconds(unixSeconds).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");

    private static double Seconds(uint tick) => (Tick.At(Monotonic.NowNs) - tick) / (double)Tick.PerSecond;
}
