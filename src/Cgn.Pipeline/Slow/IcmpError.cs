using Cgn.Contract;
using Cgn.Contract.Settings;
using Cgn.Wire;

namespace Cgn.Pipeline.Slow;

/// <summary>An ICMP error that we send, and the drop that it goes with.</summary>
/// <param name="Reason">Why the packet is dropped.</param>
/// <param name="Type">ICMP type.</param>
/// <param name="Code">ICMP code.</param>
internal readonly record struct IcmpError(DropReason Reason, IcmpType Type, byte Code)
{
    /// <summary>Time to live exceeded in transit (RFC 792).</summary>
    public static IcmpError TimeExceeded => new(DropReason.TtlExpired, IcmpType.TimeExceeded, 0);

    /// <summary>Something has run out (RFC 6888 REQ-11, RFC 5508 REQ-8).</summary>
    /// <param name="reason">What.</param>
    /// <param name="policy">Says what the host is told.</param>
    public static IcmpError Exhausted(DropReason reason, IcmpPolicy policy) => new(
        reason, IcmpType.DestinationUnreachable,
        (byte)(policy.Exhaustion == ExhaustionAnswer.AdminProhibited ? 13 : 1));

    /// <summary>Not half-translated (RFC 6888 REQ-1; RFC 6146 section 3.4 answers so).</summary>
    public static IcmpError ProtocolUnreachable =>
        new(DropReason.UnsupportedProtocol, IcmpType.DestinationUnreachable, 2);

    /// <summary>Fragmentation needed and DF set (RFC 1191 section 4).</summary>
    public static IcmpError FragmentationNeeded => new(DropReason.TooBig, IcmpType.DestinationUnreachable, 4);
}
