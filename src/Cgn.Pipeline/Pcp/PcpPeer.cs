using System;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Nat;
using Cgn.Pipeline.Slow;
using Cgn.Wire;

namespace Cgn.Pipeline.Pcp;

/// <summary>PEER: a connection to be kept for longer than its traffic keeps it (RFC 6887 section 12).</summary>
internal static class PcpPeer
{
    /// <summary>Decides a request that is well formed.</summary>
    public static PcpReply Decide(in PcpView request, in PcpClient client, NatShard nat, PipelineSettings settings)
    {
        uint remote = request.RemoteAddress;
        if (request.InternalPort == 0 || request.Protocol == 0 || remote == 0 || request.RemotePort == 0
            || Admission.IsMartianSource(remote))
        {
            return PcpReply.Error(PcpResult.MalformedRequest);
        }

        if (!PcpMappings.IsMappable(request.Protocol, nat.Settings))
            return PcpReply.Error(PcpResult.UnsupportedProtocol);
        // A connection that packets could not make is not made by asking either.
        if (!Admission.IsReachable(client.Address, remote, settings))
            return PcpReply.Error(PcpResult.NotAuthorized);
        uint tick = client.Now.Tick;
        uint mapping = nat.FindMappingInternal(
            client.Key, client.Address, request.InternalPort, request.Protocol);
        if (mapping != 0 && !nat.MappingLives(mapping, tick))
            mapping = 0;
        ref readonly ExplicitRecord record = ref nat.Explicit(mapping);
        uint left = mapping == 0 ? 0 : PcpMappings.SecondsLeft(nat, mapping, tick);
        if (record.Kind == ExplicitKind.Peer && PcpMappings.IsForeign(record, request))
            return new PcpReply(PcpResult.NotAuthorized, left);
        uint lifetime = Math.Min(request.Lifetime, settings.Pcp.LifetimeMax);
        // What is there is never shortened, and a mapping of MAP keeps its own lifetime.
        if (mapping != 0 && (lifetime <= left || record.Kind is not (ExplicitKind.None or ExplicitKind.Peer)))
            return PcpMappings.Found(request, nat, mapping, left);
        lifetime = PcpMappings.Granted(lifetime, settings.Pcp);
        ExplicitRequest wanted = PcpMappings.RequestOf(request, client, ExplicitKind.Peer, lifetime);
        wanted.RemoteAddress = remote;
        wanted.RemotePort = request.RemotePort;
        wanted.Exactly = mapping == 0 && request.ExternalPort != 0;
        return PcpMappings.Make(request, wanted, client, nat, lifetime);
    }
}
