using System.Runtime.InteropServices;

namespace Cgn.Contract.Records;

/// <summary>
/// A policy that the control plane has granted to subscribers: a plan of the configuration by its name, and what
/// differs from it. 256 bytes, host byte order. The control plane alone writes; it is free while its
/// <see cref="Version"/> is 0.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct PolicyRecord
{
    /// <summary>Bytes a record.</summary>
    public const int SizeBytes = 256;

    /// <summary>How often the slot had been written when this was; 0 while it is free or being written.</summary>
    [FieldOffset(0)] public uint Version;

    /// <summary>How often the slot has been written; never goes down.</summary>
    [FieldOffset(4)] public uint Writes;

    /// <summary>Towards the Internet, in bits of IPv4 a second; 0 for no limit.</summary>
    [FieldOffset(8)] public ulong RateUp;

    /// <summary>Towards the subscriber, in bits of IPv4 a second; 0 for no limit.</summary>
    [FieldOffset(16)] public ulong RateDown;

    /// <summary>External ports in use at a time, all protocols together; here 0 means none at all.</summary>
    [FieldOffset(24)] public uint PortLimit;

    /// <summary>TCP ports in use at a time; 0 means none.</summary>
    [FieldOffset(28)] public uint PortQuotaTcp;

    /// <summary>UDP ports in use at a time; 0 means none.</summary>
    [FieldOffset(32)] public uint PortQuotaUdp;

    /// <summary>ICMP query identifiers in use at a time; 0 means none.</summary>
    [FieldOffset(36)] public uint PortQuotaIcmp;

    /// <summary>Which of the fields hold in place of the plan's.</summary>
    [FieldOffset(40)] public PolicyOverrides Overrides;

    /// <summary>Name of the base plan; empty for the configuration's default plan, whichever that is.</summary>
    [FieldOffset(64)] public PolicyName Plan;

    /// <summary>Name of the pool that new port blocks come from.</summary>
    [FieldOffset(160)] public PolicyName Pool;

    /// <summary>It overrides something.</summary>
    /// <param name="what">Which field.</param>
    public readonly bool Has(PolicyOverrides what) => (Overrides & what) != 0;

    /// <summary>Both grant the same.</summary>
    public readonly bool GrantsSame(in PolicyRecord other) =>
        RateUp == other.RateUp && RateDown == other.RateDown && PortLimit == other.PortLimit
        && PortQuotaTcp == other.PortQuotaTcp && PortQuotaUdp == other.PortQuotaUdp
        && PortQuotaIcmp == other.PortQuotaIcmp && Overrides == other.Overrides && Plan == other.Plan
        && Pool == other.Pool;
}
