using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Nat;
using Cgn.Wire;

namespace Cgn.Pipeline.Pcp;

/// <summary>MAP: an endpoint to be reached by (RFC 6887 sections 11 and 15).</summary>
internal static class PcpMap
{
    /// <summary>Decides a request that is well formed.</summary>
    public static PcpReply Decide(
        in PcpView request, PcpOptions options, in PcpClient client, NatShard nat, PcpSettings settings)
    {
        PcpResult fault = FaultOf(request, options, nat);
        if (fault != PcpResult.Success)
            return PcpReply.Error(fault);
        uint mapping = nat.FindMappingInternal(
            client.Key, client.Address, request.InternalPort, request.Protocol);
        if (mapping != 0 && !nat.MappingLives(mapping, client.Now.Tick))
            mapping = 0;
        ref readonly ExplicitRecord record = ref nat.Explicit(mapping);
        if (PcpMappings.IsForeign(record, request))
        {
            return new PcpReply(
                PcpResult.NotAuthorized, PcpMappings.SecondsLeft(nat, mapping, client.Now.Tick));
        }

        if (request.Lifetime == 0)
            return Delete(nat, mapping, record.Kind, client);
        if (options.PrefersFailure && mapping != 0 && !IsSuggested(request, nat.Mapping(mapping)))
            return PcpReply.Error(PcpResult.CannotProvideExternal);
        uint lifetime = PcpMappings.Granted(request.Lifetime, settings);
        ExplicitRequest wanted = PcpMappings.RequestOf(request, client, ExplicitKind.Map, lifetime);
        wanted.Exactly = options.PrefersFailure;
        return PcpMappings.Make(request, wanted, client, nat, lifetime);
    }

    private static PcpResult FaultOf(in PcpView request, PcpOptions options, NatShard nat)
    {
        // Addresses are shared, so nobody gets all ports or all protocols of one (section 11.1).
        if (request.Protocol == 0 && request.InternalPort != 0)
            return PcpResult.MalformedRequest;
        if (request.InternalPort == 0 || !PcpMappings.IsMappable(request.Protocol, nat.Settings))
            return PcpResult.UnsupportedProtocol;
        return options.PrefersFailure && (request.Lifetime == 0 || request.ExternalPort == 0)
            ? PcpResult.MalformedOption
            : PcpResult.Success;
    }

    private static PcpReply Delete(NatShard nat, uint mapping, ExplicitKind kind, in PcpClient client)
    {
        if (mapping == 0)
            return new PcpReply(PcpResult.Success, 0);
        if (kind != ExplicitKind.Map)
            return PcpReply.Error(PcpResult.NotAuthorized);
        nat.EndExplicit(mapping, client.Now);
        // Traffic keeps it for as long as it would have without PCP (section 15).
        uint left = nat.Mapping(mapping).State == MappingState.Dynamic
            ? PcpMappings.SecondsLeft(nat, mapping, client.Now.Tick)
            : 0;
        return new PcpReply(PcpResult.Success, left);
    }

    private static bool IsSuggested(in PcpView request, in MappingRecord m) =>
        request.ExternalPort == m.ExternalPort
        && (request.ExternalAddress == 0 || request.ExternalAddress == m.ExternalAddress);
}
