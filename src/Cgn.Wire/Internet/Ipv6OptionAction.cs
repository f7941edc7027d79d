namespace Cgn.Wire;

/// <summary>What to do about an unknown option: the two highest bits of its type (RFC 8200 §4.2).</summary>
public enum Ipv6OptionAction : byte
{
    /// <summary>Skip it and go on.</summary>
    Skip = 0,

    /// <summary>Discard in silence.</summary>
    Discard = 1,

    /// <summary>Discard and send ICMPv6 4/2, even if the destination was multicast.</summary>
    DiscardAndReport = 2,

    /// <summary>Discard and send ICMPv6 4/2 unless the destination was multicast.</summary>
    DiscardAndReportUnicast = 3,
}
