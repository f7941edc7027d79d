namespace Cgn.Softwire;

/// <summary>How the outer header of softwire packets is written, as configured (RFC 2473 §6).</summary>
public readonly record struct SoftwireForm
{
    /// <summary>Hop limit unless configured otherwise (RFC 2473 §6.3).</summary>
    public const byte UsualHopLimit = 64;

    /// <summary>What the tunnel encapsulation limit option and its destination options header add, in bytes (RFC 2473
    /// §5.1).</summary>
    public const int LimitHeaderBytes = 8;

    /// <summary>The usual form: DSCP and ECN copied, hop limit 64, labels by flow, no option.</summary>
    public SoftwireForm()
    {
    }

    /// <summary>DSCP of the outer header, 0 to 63, or -1 to copy the inner one (RFC 6333 §7.1, RFC 2983).</summary>
    public int TrafficClass { get; init; } = -1;

    /// <summary>1 to 255, whatever the inner time to live (RFC 2473 §6.3).</summary>
    public byte HopLimit { get; init; } = UsualHopLimit;

    /// <summary>Value of the tunnel encapsulation limit option, 0 to 255, or -1 to send none (RFC 2473
    /// §4.1.1).</summary>
    public int EncapsulationLimit { get; init; } = -1;

    /// <summary>Flows get labels (RFC 6438 §3); else every label is 0 (RFC 2473 §6.5).</summary>
    public bool LabelsFlows { get; init; } = true;

    /// <summary>ECN is copied outwards, the normal mode of RFC 6040 §4.1; else it is Not-ECT outside, the
    /// compatibility mode.</summary>
    public bool CopiesEcn { get; init; } = true;

    /// <summary>DSCP that inner packets towards subscribers get, 0 to 63, or -1 to leave theirs (RFC 6908
    /// §2.5.2).</summary>
    public int InnerDscp { get; init; } = -1;

    /// <summary>Bytes that a softwire adds to an inner packet: 40, or 48 with the option.</summary>
    public int HeaderBytes =>
        EncapsulationLimit < 0 ? Encapsulator.HeaderSize : Encapsulator.HeaderSize + LimitHeaderBytes;

    /// <summary>Nothing differs from the usual form.</summary>
    public bool IsUsual => this == new SoftwireForm();
}
