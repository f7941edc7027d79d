using Cgn.Contract;

namespace Cgn.Cli.Replay;

/// <summary>What follows from a packet by itself, whatever the gateway's state.</summary>
internal static class HeaderRules
{
    /// <summary>Reasons around fragments.</summary>
    internal static readonly DropSet Fragments = DropSet.Of(
        DropReason.FragmentLimit, DropReason.FragmentOverlap, DropReason.FragmentTimeout, DropReason.FragmentTiny,
        DropReason.FragmentTooLong);

    private static readonly (HeaderFault Fault, DropSet Reasons, bool Must)[] s_rules =
    [
        (HeaderFault.Ipv4Header,
            DropSet.Of(DropReason.BadIpv4Header, DropReason.Truncated, DropReason.NotSoftwire), true),
        (HeaderFault.Truncated, DropSet.Of(DropReason.Truncated, DropReason.BadIpv4Header), true),
        (HeaderFault.Ipv4Checksum, DropSet.Of(DropReason.BadIpv4Checksum), true),
        (HeaderFault.TransportCut, DropSet.Of(DropReason.BadTransportHeader), true),
        (HeaderFault.TransportOdd, DropSet.Of(DropReason.BadTransportHeader), false),
        (HeaderFault.SourceRoute, DropSet.Of(DropReason.SourceRoute), true),
        (HeaderFault.OddOptions, DropSet.Of(DropReason.BadIpv4Header, DropReason.SourceRoute), false),
        (HeaderFault.TtlExpired, DropSet.Of(DropReason.TtlExpired), true),
        (HeaderFault.IcmpErrorChecksum, DropSet.Of(DropReason.BadIcmpError), true),
        (HeaderFault.IcmpUnsupported, DropSet.Of(DropReason.UnsupportedIcmp), true),
        (HeaderFault.IcmpQuoteCut,
            DropSet.Of(DropReason.BadIcmpError, DropReason.BadTransportHeader, DropReason.IcmpErrorUnmatched), true),
        (HeaderFault.OddSyn, DropSet.Of(DropReason.NoSession, DropReason.BadTransportHeader), false),
        (HeaderFault.TinyFragment, Fragments.With(DropSet.Of(DropReason.BadTransportHeader)), true),
    ];

    /// <summary>The verdict on a packet's own faults.</summary>
    internal static Verdict Judge(HeaderFault faults)
    {
        Verdict verdict = Verdict.Deliver;
        foreach ((HeaderFault fault, DropSet reasons, bool must) in s_rules)
        {
            if ((faults & fault) != 0)
                verdict = verdict.And(new Verdict(reasons, must));
        }

        return verdict;
    }
}
