using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Control.Api.Resources;
using Cgn.Control.State;
using Cgn.Control.State.Listings;
using Cgn.Wire;

namespace Cgn.Control.Api.Records;

/// <summary>What the API makes of mappings; null where the filter does not ask.</summary>
/// <param name="filter">Which are asked for.</param>
/// <param name="type">Only of this type; null for all.</param>
/// <param name="protocol">Only of this protocol; null for all.</param>
internal sealed class MappingReader(ListingFilter filter, string? type, byte? protocol)
{
    private readonly RecordReaders _readers = new(filter);

    public MappingResource? Read(ReadMoment moment, int shard, uint number, in MappingRecord m)
    {
        if (!filter.Asks(m.ExternalAddress, m.ExternalPort, m.ExternalPort)
            || (protocol is { } wanted && wanted != m.Protocol)
            || (type is not null && type != RecordText.TypeOf(m.State)))
            return null;
        SubscriberRecord owner = moment.Owner(shard, m.Subscriber);
        if (!_readers.Asks(moment, owner))
            return null;
        GatewaySettings settings = moment.Snapshot.Settings;
        bool isSoftwire = owner.Kind == SubscriberKind.DsLite;
        return new MappingResource
        {
            Index = ((long)number * moment.View.Shards.Length) + shard,
            Type = RecordText.TypeOf(m.State),
            State = m.State == MappingState.HeldDown ? "held" : "live",
            TransportProtocol = m.Protocol,
            InternalSrcAddress = ReadMoment.Address(m.InternalAddress),
            InternalSrcPort = One(m.InternalPort),
            ExternalSrcAddress = ReadMoment.Address(m.ExternalAddress),
            ExternalSrcPort = One(m.ExternalPort),
            ExternalDstAddress = Remote(moment, shard, m),
            Lifetime = Lifetime(moment, shard, m),
            SessionCount = m.SessionCount,
            MappingType = RecordText.Of(settings.MappingType),
            FilteringType = Filtering(moment, shard, m),
            AddressAllocationType = settings.Paired ? "paired" : "arbitrary",
            Subscriber = moment.Subscriber(owner),
            B4Ipv6Address = RecordReaders.B4(moment, owner),
            V6Dscp = isSoftwire && settings.TrafficClass >= 0 ? settings.TrafficClass : null,
            InternalV4Dscp = settings.DownstreamDscp >= 0 ? settings.DownstreamDscp : null,
            Pool = moment.Pool(m.ExternalAddress),
            Shard = shard,
        };
    }

    private static PortSpanResource One(ushort port) => new() { StartPortNumber = port, EndPortNumber = port };

    private static string? Remote(ReadMoment moment, int shard, in MappingRecord m)
    {
        if (m.State == MappingState.Explicit)
            return Explicit(moment, shard, m).RemoteAddress is var asked and not 0 ? ReadMoment.Address(asked) : null;
        bool isForOne = moment.Snapshot.Settings.MappingType != MappingType.EndpointIndependent
            || (m.InternalPort == 0 && m.ExternalPort == 0);
        return m.State == MappingState.Dynamic && isForOne && m.Aux != 0 ? ReadMoment.Address(m.Aux) : null;
    }

    private static long? Lifetime(ReadMoment moment, int shard, in MappingRecord m) => m.State switch
    {
        MappingState.HeldDown => moment.SecondsUntil(m.Aux),
        // One that a control connection keeps has no end of its own.
        MappingState.Explicit when Explicit(moment, shard, m) is { Control: 0, EndsAt: var end } =>
            moment.SecondsUntil(end),
        _ => null,
    };

    private static ExplicitRecord Explicit(ReadMoment moment, int shard, in MappingRecord m) =>
        m.Aux < moment.View.Shards[shard].Explicit.Length ? moment.View.Shards[shard].Explicit[m.Aux] : default;

    // A mapping keeps the filtering that it was made with, and its sessions say which.
    private static string Filtering(ReadMoment moment, int shard, in MappingRecord m)
    {
        GatewaySettings settings = moment.Snapshot.Settings;
        FilteringType now = m.Protocol == (byte)IpProtocol.Tcp
            ? settings.TcpFilteringType ?? settings.FilteringType
            : settings.FilteringType;
        if (m.FirstSession == 0 || m.FirstSession >= moment.View.Shards[shard].Sessions.Length)
            return RecordText.Of(now);
        SessionFlags flags = moment.View.Shards[shard].Sessions[m.FirstSession].Flags;
        return (flags & SessionFlags.EndpointFiltered) != 0 ? "edf"
            : (flags & SessionFlags.AddressFiltered) != 0 ? "adf"
            : "eif";
    }
}
