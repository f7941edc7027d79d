using System;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Nat;
using Cgn.Wire;

namespace Cgn.Pipeline.Pcp;

/// <summary>What MAP and PEER have in common.</summary>
internal static class PcpMappings
{
    /// <summary>A protocol that explicit mappings can be had for: one with ports, ICMP excepted (RFC 6887 section
    /// 11.3).</summary>
    public static bool IsMappable(byte protocol, in GatewaySettings settings) =>
        NatProtocol.HasPorts(protocol) && protocol != (byte)IpProtocol.Icmp
        && ProtocolPolicy.Carries(protocol, settings);

    /// <summary>The request as the NAT takes it.</summary>
    public static ExplicitRequest RequestOf(in PcpView request, in PcpClient client, ExplicitKind kind, uint lifetime)
    {
        bool suggests = request.ExternalPort != 0;
        return new ExplicitRequest
        {
            Kind = kind,
            Protocol = request.Protocol,
            InternalAddress = client.Address,
            InternalPort = request.InternalPort,
            SuggestedPort = request.ExternalPort,
            SuggestedAddress = suggests ? request.ExternalAddress : 0,
            LifetimeTicks = lifetime * Tick.PerSecond,
            NonceHigh = request.NonceHigh,
            NonceLow = request.NonceLow,
        };
    }

    /// <summary>A lifetime within what is granted (section 15).</summary>
    public static uint Granted(uint seconds, PcpSettings settings) =>
        Math.Clamp(seconds, settings.LifetimeMin, Math.Max(settings.LifetimeMin, settings.LifetimeMax));

    /// <summary>The mapping belongs to another nonce (section 11.3): whoever knows it not may not change it.</summary>
    public static bool IsForeign(in ExplicitRecord record, in PcpView request) =>
        record.Kind is ExplicitKind.Map or ExplicitKind.Peer
        && (record.NonceHigh != request.NonceHigh || record.NonceLow != request.NonceLow);

    /// <summary>Seconds that a mapping has left, by what was asked for and by its sessions; rounded up.</summary>
    public static uint SecondsLeft(NatShard nat, uint mapping, uint tick)
    {
        ref readonly ExplicitRecord record = ref nat.Explicit(mapping);
        uint asked = record.IsLive ? (uint)Math.Max(0, (int)(record.EndsAt - tick)) : 0;
        uint left = Math.Max(asked, nat.SessionTicksLeft(mapping, tick));
        return (left + Tick.PerSecond - 1) / Tick.PerSecond;
    }

    /// <summary>Makes or renews, and writes the external endpoint into the answer.</summary>
    public static PcpReply Make(
        in PcpView request, in ExplicitRequest wanted, in PcpClient client, NatShard nat, uint lifetime)
    {
        uint subscriber = nat.Admit(
            client.Key, client.B4High, client.B4Low, client.Aftr, client.Now, out DropReason refusal);
        // Nobody outside reaches anyone in the walled garden, whatever mapping there is.
        if (subscriber != 0 && nat.IsInGarden(nat.Subscriber(subscriber)))
            return PcpReply.Error(PcpResult.NotAuthorized);
        uint mapping = subscriber == 0 ? 0 : nat.MakeExplicit(subscriber, wanted, client.Now, out refusal);
        if (mapping == 0)
            return PcpReply.Error(ResultOf(refusal));
        return Found(request, nat, mapping, lifetime);
    }

    /// <summary>Answers with a mapping as it is.</summary>
    public static PcpReply Found(in PcpView request, NatShard nat, uint mapping, uint lifetime)
    {
        ref readonly MappingRecord m = ref nat.Mapping(mapping);
        PcpView answer = request;
        answer.ExternalAddress = m.ExternalAddress;
        answer.ExternalPort = m.ExternalPort;
        return m.State == MappingState.Static ? PcpServer.Forever : new PcpReply(PcpResult.Success, lifetime);
    }

    private static PcpResult ResultOf(DropReason refusal) => refusal switch
    {
        DropReason.SubscriberRefused => PcpResult.NotAuthorized,
        DropReason.BlockLimit or DropReason.PortLimit or DropReason.MappingLimit => PcpResult.UserExceedsQuota,
        DropReason.PortUnavailable => PcpResult.CannotProvideExternal,
        _ => PcpResult.NoResources,
    };
}
