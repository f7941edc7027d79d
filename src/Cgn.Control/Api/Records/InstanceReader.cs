using System;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Settings;
using Cgn.Control.Api.Resources;
using Cgn.Control.State;

namespace Cgn.Control.Api.Records;

/// <summary>What the API makes of the instance as a whole.</summary>
internal sealed class InstanceReader(RecordWalk walk, SummaryReader summary)
{
    public CapabilitiesResource Capabilities() => walk.Read(static moment =>
    {
        GatewaySettings settings = moment.Snapshot.Settings;
        return new CapabilitiesResource
        {
            PortMappingBehavior = Behavior((int)settings.MappingType),
            FilteringBehavior = Behavior((int)settings.FilteringType),
            TcpFilteringBehavior = Behavior((int)(settings.TcpFilteringType ?? settings.FilteringType)),
            PoolingBehavior = settings.Paired ? "paired" : "arbitrary",
            HairpinningSupport = settings.Hairpinning,
        };
    });

    public InstanceStatistics Statistics() => walk.Read(moment =>
    {
        StateView view = moment.View;
        TrafficStatistics dsLite = Traffic(
            view, CounterId.OutboundPacketsDsLite, CounterId.OutboundBytesDsLite, CounterId.InboundPacketsDsLite,
            CounterId.InboundBytesDsLite);
        TrafficStatistics nat444 = Traffic(
            view, CounterId.OutboundPacketsNat444, CounterId.OutboundBytesNat444, CounterId.InboundPacketsNat444,
            CounterId.InboundBytesNat444);
        return new InstanceStatistics
        {
            DiscontinuityTime = ReadMoment.Text(
                DateTimeOffset.FromUnixTimeMilliseconds(view.Status.CountersSinceUnixMs)),
            TrafficStatistics = new TrafficStatistics
            {
                SentPackets = dsLite.SentPackets + nat444.SentPackets,
                SentBytes = dsLite.SentBytes + nat444.SentBytes,
                RcvdPackets = dsLite.RcvdPackets + nat444.RcvdPackets,
                RcvdBytes = dsLite.RcvdBytes + nat444.RcvdBytes,
            },
            DsLite = dsLite,
            Nat444 = nat444,
            DroppedPackets = DropReasonText.All.Sum(
                reason => Enumerable.Range(0, view.Shards.Length).Sum(shard => view.Counters(shard)[reason])),
            Drops = summary.Drops(moment),
            Translations = new ProtocolCounters
            {
                Tcp = view.Sum(CounterId.TranslatedTcp),
                Udp = view.Sum(CounterId.TranslatedUdp),
                Icmp = view.Sum(CounterId.TranslatedIcmp),
                Other = view.Sum(CounterId.TranslatedOther),
            },
            MappingsStatistics = Mappings(view),
        };
    });

    private static MappingsStatistics Mappings(StateView view)
    {
        PortCounts live = Difference(view, CounterId.MappingsCreatedUdp, CounterId.MappingsExpiredUdp);
        PortCounts sessions = Difference(view, CounterId.SessionsCreatedUdp, CounterId.SessionsExpiredUdp);
        return new MappingsStatistics
        {
            TotalActiveSubscribers = view.Sum(CounterId.Subscribers),
            ActiveSoftwires = view.Sum(CounterId.Softwires),
            TotalAddressMappings = view.Sum(CounterId.AddressMappings),
            TotalPortMappings = live.Tcp + live.Udp + live.Icmp + live.Other,
            HeldPortMappings = view.Sum(CounterId.MappingsHeld),
            TotalPerProtocol = live,
            SessionsPerProtocol = sessions,
            AddressMappingCreations = view.Sum(CounterId.AddressMappingsCreated),
            PortMappingCreations = Four(view, CounterId.MappingsCreatedUdp),
            SessionCreations = Four(view, CounterId.SessionsCreatedUdp),
        };
    }

    // Counters of protocols stand in the order UDP, TCP, ICMP, other.
    private static PortCounts Difference(StateView view, CounterId created, CounterId ended) => new()
    {
        Udp = view.Sum(created) - view.Sum(ended),
        Tcp = view.Sum(created + 1) - view.Sum(ended + 1),
        Icmp = view.Sum(created + 2) - view.Sum(ended + 2),
        Other = view.Sum(created + 3) - view.Sum(ended + 3),
    };

    private static long Four(StateView view, CounterId first) =>
        view.Sum(first) + view.Sum(first + 1) + view.Sum(first + 2) + view.Sum(first + 3);

    private static TrafficStatistics Traffic(
        StateView view, CounterId sent, CounterId sentBytes, CounterId received, CounterId receivedBytes) => new()
        {
            SentPackets = (ulong)view.Sum(sent),
            SentBytes = (ulong)view.Sum(sentBytes),
            RcvdPackets = (ulong)view.Sum(received),
            RcvdBytes = (ulong)view.Sum(receivedBytes),
        };

    // RFC 7659 NatBehaviorType.
    private static string Behavior(int type) => type switch
    {
        1 => "addressDependent",
        2 => "addressAndPortDependent",
        _ => "endpointIndependent",
    };
}
