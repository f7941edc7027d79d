using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Pipeline.Batches;

namespace Cgn.Pipeline.Slow;

/// <summary>Who may send, and where to: asked for the first packet of a flow, since its session keeps the
/// answer.</summary>
internal static class Admission
{
    /// <summary>Why a packet from inside may not be carried; <see cref="DropReason.None"/> when it may.</summary>
    public static DropReason RefusalFromInside(in PacketContext c, PipelineSettings settings)
    {
        uint source = c.Flow.InternalAddress;
        if (IsMartianSource(source) || IsMartianDestination(c.Flow.RemoteAddress, settings))
            return DropReason.Martian;
        DropReason refusal = c.Key.Kind == SubscriberKind.Nat444
            ? RefusalOfCustomer(c, settings)
            : RefusalOfInner(c, settings);
        return refusal != DropReason.None
            ? refusal : AccessLists.RefusalFromInside(source, c.Flow.RemoteAddress, settings);
    }

    private static DropReason RefusalOfCustomer(in PacketContext c, PipelineSettings settings) =>
        IsCustomer((uint)c.Key.Low, settings) ? DropReason.None : DropReason.UnknownInsideSource;

    private static DropReason RefusalOfInner(in PacketContext c, PipelineSettings settings)
    {
        uint source = c.Flow.InternalAddress;
        DropReason refusal = RefusalOfSoftwire(c, settings);
        if (refusal != DropReason.None)
            return refusal;
        // What is bound to one B4 nobody else may use; 192.0.0.1 is our own end of every softwire (RFC 6333 5.7).
        bool isOwn = settings.PassThrough.IsBoundTo(source, c.Key) ?? Contains(
            settings.Snapshot.InnerSources, source);
        return source == PipelineSettings.WellKnownAftr || !isOwn
            ? DropReason.BadInnerSource
            : DropReason.None;
    }

    /// <summary>Whether a softwire may come from where it comes from (RFC 6333 section 11); also asked for outer
    /// fragments.</summary>
    public static DropReason RefusalOfSoftwire(in PacketContext c, PipelineSettings settings)
    {
        foreach (Ipv6PrefixSetting aftr in settings.AftrAddresses)
        {
            // RFC 2473 4.1.2: a packet that claims to come from ourselves goes in circles.
            if (aftr.High == c.B4High && aftr.Low == c.B4Low)
                return DropReason.Loop;
        }

        foreach (Ipv6PrefixSetting prefix in settings.Snapshot.SoftwireSources)
        {
            if (prefix.Contains(c.B4High, c.B4Low))
                return DropReason.None;
        }

        return DropReason.UnknownSoftwireSource;
    }

    /// <summary>Source that no router forwards (RFC 1812 5.3.7): this network, loopback, multicast, class E.</summary>
    public static bool IsMartianSource(uint address) => address >> 24 is 0 or 127 or >= 224;

    /// <summary>
    /// Why a packet from outside may not be carried; <see cref="DropReason.None"/> when it may. What neighbours send
    /// has been asked on its way out.
    /// </summary>
    public static DropReason RefusalFromOutside(in PacketContext c, GatewayState state)
    {
        if (IsMartianSource(c.Flow.RemoteAddress))
            return DropReason.Martian;
        if (c.Hairpinned)
            return DropReason.None;
        // Nobody outside may show the inside's own addresses, or the pools'. Not asked of ICMP errors, since a router
        // may report from whatever address it has (RFC 4787 REQ-12a).
        bool isInside = c.Class != PacketClass.IcmpError
            && (IsInsideOnly(c.Flow.RemoteAddress, state.Settings) || state.Pools.Contains(c.Flow.RemoteAddress));
        return isInside ? DropReason.Martian : AccessLists.RefusalFromOutside(c, state.Settings);
    }

    /// <summary>A host inside may have a connection to a remote address (PEER, RFC 6887 section 12).</summary>
    public static bool IsReachable(uint source, uint remote, PipelineSettings settings) =>
        !IsMartianDestination(remote, settings)
        && AccessLists.RefusalFromInside(source, remote, settings) == DropReason.None;

    /// <summary>The address is one that NAT444 customers have.</summary>
    public static bool IsCustomer(uint address, PipelineSettings settings) =>
        Contains(settings.Snapshot.Nat444Sources, address);

    private static bool IsMartianDestination(uint address, PipelineSettings settings) =>
        address >> 24 is 0 or 127 or >= 224
        || (IsInsideOnly(address, settings)
            && address != PipelineSettings.WellKnownAftr && address != settings.InsideAddress);

    // The softwires' 192.0.0.0/29 (RFC 7335 section 4) and the addresses of NAT444 customers (RFC 6598 section 4): they
    // mean nothing outside.
    private static bool IsInsideOnly(uint address, PipelineSettings settings) =>
        address >> 3 == PipelineSettings.WellKnownAftr >> 3 || Contains(settings.Snapshot.Nat444Sources, address);

    private static bool Contains(Ipv4PrefixSetting[] prefixes, uint address)
    {
        foreach (Ipv4PrefixSetting prefix in prefixes)
        {
            if (prefix.Contains(address))
                return true;
        }

        return false;
    }
}
