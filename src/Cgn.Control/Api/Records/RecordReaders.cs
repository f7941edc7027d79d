using System;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Control.Api.Resources;
using Cgn.Control.State;
using Cgn.Control.State.Listings;
using Cgn.Wire;

namespace Cgn.Control.Api.Records;

/// <summary>What the API makes of subscribers, port blocks and sessions; null where the filter does not ask.</summary>
/// <param name="filter">Which are asked for.</param>
internal sealed class RecordReaders(ListingFilter filter)
{
    private const int BitsAbove32 = 32;

    public SubscriberResource? Subscriber(ReadMoment moment, int shard, uint number, in SubscriberRecord s)
    {
        if (!Asks(moment, s) || (filter.External is { } external && !Owns(moment, shard, s, external)
            && !IsGiven(moment, s, external)))
            return null;
        PlanSettings? plan = moment.Plan(s.Plan, out PolicyRecord granted);
        return new SubscriberResource
        {
            Subscriber = moment.Subscriber(s),
            Kind = SubscriberText.Name(s.Kind),
            B4Ipv6Address = B4(moment, s),
            ExternalIpAddress = s.ExternalAddress == 0 ? null : ReadMoment.Address(s.ExternalAddress),
            Pool = s.Pool < moment.Snapshot.Pools.Length ? moment.Snapshot.Pools[s.Pool].Name : null,
            Plan = PlanText.Plan(moment.View, s.Plan),
            Overrides = PlanText.Overrides(moment.View, s.Plan),
            WalledGarden = plan is { WalledGarden: true },
            Limits = plan is null ? null : SubscriberLimits.Of(plan, granted),
            PortSetCount = s.BlockCount,
            MappingCount = s.MappingCount,
            ExplicitMappingCount = s.ExplicitCount,
            SessionCount = s.SessionCount,
            PortsInUse = new PortCounts
            {
                Tcp = s.PortsTcp,
                Udp = s.PortsUdp,
                Icmp = s.PortsIcmp,
                Other = s.PortsOther,
            },
            TrafficStatistics = Traffic(s),
            FirstSeen = moment.Time(s.CreatedAt),
            IdleSeconds = moment.SecondsSince(s.LastActive),
            PathMtu = s.PathMtu == 0 ? null : s.PathMtu,
            Shard = shard,
        };
    }

    public SoftwireResource? Softwire(ReadMoment moment, int shard, uint number, in SubscriberRecord s)
    {
        if (B4(moment, s) is not { } b4 || !Asks(moment, s))
            return null;
        Ipv6PrefixSetting[] aftrs = moment.Snapshot.AftrAddresses;
        return new SoftwireResource
        {
            AftrIpv6Address = s.AftrAddress < aftrs.Length
                ? new Ipv6Address(aftrs[s.AftrAddress].High, aftrs[s.AftrAddress].Low).ToString()
                : null,
            B4Ipv6Address = b4,
            PrefixLength = moment.MaskBits,
            Subscriber = moment.Subscriber(s),
            TunnelMtu = s.PathMtu == 0 ? moment.TunnelMtu : Math.Min(moment.TunnelMtu, s.PathMtu),
            SessionCount = s.SessionCount,
            TrafficStatistics = Traffic(s),
            Shard = shard,
        };
    }

    public AddressMappingResource? AddressMapping(
        ReadMoment moment, int shard, uint number, in SubscriberRecord s)
    {
        if (s.ExternalAddress == 0 || !Asks(moment, s)
            || !filter.Asks(s.ExternalAddress, ushort.MinValue, ushort.MaxValue))
            return null;
        return new AddressMappingResource
        {
            InternalSrcAddress = s.Kind == SubscriberKind.DsLite
                ? new Ipv6Address(s.B4High, s.B4Low).ToString()
                : ReadMoment.Address((uint)s.B4Low),
            ExternalSrcAddress = ReadMoment.Address(s.ExternalAddress),
            Pool = moment.Pool(s.ExternalAddress),
            Subscriber = moment.Subscriber(s),
            Shard = shard,
        };
    }

    public PortSetResource? PortSet(ReadMoment moment, int shard, uint number, in BlockRecord b)
    {
        if (!b.IsGivenOut || !filter.Asks(b.ExternalAddress, b.FirstPort, b.LastPort))
            return null;
        SubscriberRecord owner = moment.Owner(shard, b.Subscriber);
        if (!Asks(moment, owner))
            return null;
        return new PortSetResource
        {
            ExternalIpAddress = ReadMoment.Address(b.ExternalAddress),
            StartPortNumber = b.FirstPort,
            EndPortNumber = b.LastPort,
            Pool = moment.Pool(b.ExternalAddress),
            Subscriber = moment.Subscriber(owner),
            Kind = SubscriberText.Name(owner.Kind),
            Allocated = System.DateTimeOffset.FromUnixTimeSeconds(b.AllocatedUnixSeconds)
                .UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            PortsTaken = new PortCounts
            {
                Tcp = b.UsedTcp,
                Udp = b.UsedUdp,
                Icmp = b.UsedIcmp,
                Other = b.UsedOther,
            },
            Shard = shard,
        };
    }

    public SessionResource? Session(ReadMoment moment, int shard, uint number, in SessionRecord s)
    {
        if (!filter.Asks(s.ExternalAddress, s.ExternalPort, s.ExternalPort))
            return null;
        SubscriberRecord owner = moment.Owner(shard, s.Subscriber);
        if (!Asks(moment, owner))
            return null;
        return new SessionResource
        {
            TransportProtocol = s.Protocol,
            InternalSrcAddress = ReadMoment.Address(s.InternalAddress),
            InternalSrcPort = s.InternalPort,
            ExternalSrcAddress = ReadMoment.Address(s.ExternalAddress),
            ExternalSrcPort = s.ExternalPort,
            ExternalDstAddress = ReadMoment.Address(s.RemoteAddress),
            ExternalDstPort = s.RemotePort,
            State = RecordText.Of(s.State),
            IdleSeconds = moment.SecondsSince(s.LastActive),
            Subscriber = moment.Subscriber(owner),
            Shard = shard,
        };
    }

    /// <summary>Whether a subscriber is asked for.</summary>
    public bool Asks(ReadMoment moment, in SubscriberRecord s) =>
        filter.Asks(s.Kind == SubscriberKind.DsLite, s.B4High, s.B4Low, moment.MaskBits);

    /// <summary>The B4 of a subscriber; null for NAT444.</summary>
    public static B4Address? B4(ReadMoment moment, in SubscriberRecord s) => s.Kind != SubscriberKind.DsLite
        ? null
        : new B4Address
        {
            Address = new Ipv6Address(s.B4High, s.B4Low).ToString(),
            LastAddressChange = moment.Time(s.B4ChangedAt),
        };

    private static TrafficStatistics Traffic(in SubscriberRecord s) => new()
    {
        SentPackets = s.PacketsUp | ((ulong)s.PacketsUpHigh << BitsAbove32),
        SentBytes = s.BytesUp,
        RcvdPackets = s.PacketsDown | ((ulong)s.PacketsDownHigh << BitsAbove32),
        RcvdBytes = s.BytesDown,
    };

    // By its chain of blocks, which is short: a chain that changes under the reader ends at its bound.
    private static bool Owns(ReadMoment moment, int shard, in SubscriberRecord s, ExternalMatch external)
    {
        const int BlocksMax = 1024;
        uint block = s.FirstBlock;
        for (int i = 0; block != 0 && block < moment.View.Shards[shard].Blocks.Length && i < BlocksMax; i++)
        {
            BlockRecord b = moment.View.Shards[shard].Blocks[block];
            if (external.Meets(b.ExternalAddress, b.FirstPort, b.LastPort))
                return true;
            block = b.NextOfSubscriber;
        }

        return false;
    }

    // By a static mapping, whose port need not lie in one of its blocks.
    private static bool IsGiven(ReadMoment moment, in SubscriberRecord s, ExternalMatch external)
    {
        foreach (StaticMapping mapping in moment.Snapshot.StaticMappings)
        {
            if (external.Meets(mapping.ExternalAddress, mapping.ExternalPort, mapping.ExternalPort)
                && mapping.IsDsLite == (s.Kind == SubscriberKind.DsLite)
                && new Ipv6PrefixSetting(
                    mapping.SubscriberHigh, mapping.SubscriberLow,
                    (byte)(mapping.IsDsLite ? moment.MaskBits : Ipv6Prefix.LengthMax)).Contains(s.B4High, s.B4Low))
                return true;
        }

        return false;
    }
}
