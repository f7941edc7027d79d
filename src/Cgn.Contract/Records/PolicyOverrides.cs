using System;

namespace Cgn.Contract.Records;

/// <summary>What a granted policy says in place of its base plan. Bits are part of the layout.</summary>
[Flags]
public enum PolicyOverrides : ushort
{
    /// <summary>Nothing: the plan as it is.</summary>
    None = 0,

    /// <summary><see cref="PolicyRecord.RateUp"/>.</summary>
    RateUp = 1,

    /// <summary><see cref="PolicyRecord.RateDown"/>.</summary>
    RateDown = 2,

    /// <summary><see cref="PolicyRecord.PortLimit"/>.</summary>
    PortLimit = 4,

    /// <summary><see cref="PolicyRecord.PortQuotaTcp"/>.</summary>
    PortQuotaTcp = 8,

    /// <summary><see cref="PolicyRecord.PortQuotaUdp"/>.</summary>
    PortQuotaUdp = 16,

    /// <summary><see cref="PolicyRecord.PortQuotaIcmp"/>.</summary>
    PortQuotaIcmp = 32,

    /// <summary><see cref="PolicyRecord.Pool"/>.</summary>
    Pool = 64,
}
