using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Forwarder;
using Cgn.Model.Tests.Nat;
using Cgn.Nat;

namespace Cgn.Model.Tests.Running;

/// <summary>The gateway's tables and counters against the model's.</summary>
internal sealed class TableComparison(SimulatedGateway gateway, ModelNat model, ConfigSnapshot config)
{
    private static readonly CounterId[] s_counters =
    [
        CounterId.Originated, CounterId.Consumed, CounterId.Split, CounterId.Merged, CounterId.Held,
        CounterId.OutboundPacketsDsLite, CounterId.OutboundBytesDsLite, CounterId.OutboundPacketsNat444,
        CounterId.OutboundBytesNat444, CounterId.InboundPacketsDsLite, CounterId.InboundBytesDsLite,
        CounterId.InboundPacketsNat444, CounterId.InboundBytesNat444, CounterId.HairpinPackets,
        CounterId.SessionsCreatedUdp, CounterId.SessionsCreatedTcp, CounterId.SessionsCreatedIcmp,
        CounterId.SessionsCreatedOther, CounterId.SessionsExpiredUdp, CounterId.SessionsExpiredTcp,
        CounterId.SessionsExpiredIcmp, CounterId.SessionsExpiredOther, CounterId.MappingsCreatedUdp,
        CounterId.MappingsCreatedTcp, CounterId.MappingsCreatedIcmp, CounterId.MappingsCreatedOther,
        CounterId.MappingsExpiredUdp, CounterId.MappingsExpiredTcp, CounterId.MappingsExpiredIcmp,
        CounterId.MappingsExpiredOther, CounterId.Subscribers, CounterId.MappingsHeld, CounterId.BlocksAllocated,
        CounterId.BlocksReleased, CounterId.BlocksExhausted, CounterId.FragmentsSeenIpv6, CounterId.Reassembled,
        CounterId.ReassemblyTimeouts, CounterId.MssClamped,
    ];

    private static readonly DropReason[] s_reasons = Enum.GetValues<DropReason>();

    private readonly ShardCapacity _capacity = ShardCapacity.Of(config.Settings, config.Settings.ShardCount);

    public void CompareCounters()
    {
        List<string>? wrong = null;
        foreach (DropReason reason in s_reasons)
            Same(gateway.Drops(reason), model.Drops(reason), reason, ref wrong);
        foreach (CounterId id in s_counters)
            Same(gateway.Counter(id), model.Counts[(int)id], id, ref wrong);
        if (gateway.Unaccounted != 0)
            throw new ModelException($"{gateway.Unaccounted} frames unaccounted for");
        if (wrong is not null)
            throw new ModelException("counters differ: " + string.Join("; ", wrong));
    }

    public void CompareTables()
    {
        Rows("subscribers", Subscribers(), model.Subscribers.Select(s => new SubscriberRow(
            s.Kind, s.Key, s.B4, s.Paired, s.IsSeen, s.SessionCount, s.Mappings.Count, s.BytesUp, s.BytesDown,
            string.Join(' ', s.Blocks))));
        Rows("mappings", Mappings(), model.Mappings.Select(m => new MappingRow(
            m.Subscriber.Key, m.Protocol, m.Internal, m.External, m.State,
            m.State == MappingState.HeldDown ? m.HeldUntil : 0, m.Sessions.Count)));
        Rows("sessions", Sessions(), model.Sessions.Select(s => new SessionRow(
            s.Subscriber.Key, s.Protocol, s.Mapping.Internal, s.Mapping.External, s.Remote, s.State, s.LastActive,
            s.IsHairpin, s.Inside.End, s.Outside.End)));
    }

    private IEnumerable<SubscriberRow> Subscribers()
    {
        for (int shard = 0; shard < gateway.ShardCount; shard++)
        {
            NatShard nat = gateway.Shard(shard);
            for (uint i = 1, left = nat.SubscriberCount; left > 0 && i <= _capacity.Subscribers; i++)
            {
                if (!nat.Subscriber(i).IsLive)
                    continue;
                left--;
                SubscriberRecord s = nat.Subscriber(i);
                List<string> blocks = [];
                for (uint block = s.FirstBlock; block != 0; block = nat.Block(block).NextOfSubscriber)
                {
                    BlockRecord b = nat.Block(block);
                    blocks.Add($"{new Endpoint(b.ExternalAddress, b.FirstPort)}-{b.LastPort}");
                }

                yield return new SubscriberRow(
                    s.Kind, KeyOf(nat, i), new UInt128(s.B4High, s.B4Low), s.ExternalAddress, s.CreatedAt != 0,
                    (int)s.SessionCount, (int)s.MappingCount, (long)s.BytesUp, (long)s.BytesDown,
                    string.Join(' ', blocks));
            }
        }
    }

    private IEnumerable<MappingRow> Mappings()
    {
        for (int shard = 0; shard < gateway.ShardCount; shard++)
        {
            NatShard nat = gateway.Shard(shard);
            for (uint i = 1, left = nat.MappingCount; left > 0 && i <= _capacity.Mappings; i++)
            {
                MappingRecord m = nat.Mapping(i);
                if (!m.IsLive)
                    continue;
                left--;
                yield return new MappingRow(
                    KeyOf(nat, m.Subscriber), m.Protocol, new Endpoint(m.InternalAddress, m.InternalPort),
                    new Endpoint(m.ExternalAddress, m.ExternalPort), m.State,
                    m.State == MappingState.HeldDown ? m.Aux : 0, m.SessionCount);
            }
        }
    }

    private IEnumerable<SessionRow> Sessions()
    {
        for (int shard = 0; shard < gateway.ShardCount; shard++)
        {
            NatShard nat = gateway.Shard(shard);
            for (uint i = 1, left = nat.SessionCount; left > 0 && i <= _capacity.Sessions; i++)
            {
                SessionRecord s = nat.Session(i);
                if (!s.IsLive)
                    continue;
                left--;
                bool isTcp = s.Protocol == Datagram.Tcp;
                yield return new SessionRow(
                    KeyOf(nat, s.Subscriber), s.Protocol, new Endpoint(s.InternalAddress, s.InternalPort),
                    new Endpoint(s.ExternalAddress, s.ExternalPort), new Endpoint(s.RemoteAddress, s.RemotePort),
                    s.State, s.LastActive, (s.Flags & SessionFlags.Hairpin) != 0, isTcp ? s.InsideEnd : 0,
                    isTcp ? s.OutsideEnd : 0);
            }
        }
    }

    private static UInt128 KeyOf(NatShard nat, uint subscriber)
    {
        SubscriberKey key = nat.KeyOf(nat.Subscriber(subscriber));
        return new UInt128(key.High, key.Low);
    }

    private static void Rows<T>(string table, IEnumerable<T> actual, IEnumerable<T> expected)
        where T : notnull
    {
        Dictionary<T, int> rows = [];
        foreach (T row in expected)
            rows[row] = rows.GetValueOrDefault(row) + 1;
        List<T> surplus = [];
        foreach (T row in actual)
        {
            if (rows.GetValueOrDefault(row) == 0)
                surplus.Add(row);
            else if (--rows[row] == 0)
                rows.Remove(row);
        }

        if (surplus.Count + rows.Count != 0)
        {
            throw new ModelException($"{table} differ\n" + string.Concat(surplus.Select(row => $"  is   {row}\n"))
                + string.Concat(rows.Keys.Select(row => $"  must {row}\n")));
        }
    }

    private static void Same<T>(long actual, long expected, T what, ref List<string>? wrong)
    {
        if (actual != expected)
            (wrong ??= []).Add($"{what} is {actual}, must be {expected}");
    }

    private readonly record struct SubscriberRow(
        SubscriberKind Kind, UInt128 Key, UInt128 B4, uint Paired, bool IsSeen, int Sessions, int Mappings,
        long BytesUp, long BytesDown, string Blocks);

    private readonly record struct MappingRow(
        UInt128 Key, byte Protocol, Endpoint Internal, Endpoint External, MappingState State, uint HeldUntil,
        int Sessions);

    private readonly record struct SessionRow(
        UInt128 Key, byte Protocol, Endpoint Internal, Endpoint External, Endpoint Remote, SessionState State,
        uint LastActive, bool IsHairpin, uint InsideEnd, uint OutsideEnd);
}
