using System;

namespace Cgn.Wire;

/// <summary>What a scan of IPv4 options found; several may hold at once (RFC 791 §3.1).</summary>
[Flags]
public enum Ipv4OptionKinds : byte
{
    /// <summary>No options, or only padding.</summary>
    None = 0,

    /// <summary>
    /// Loose or strict source route (types 131 and 137), which RFC 7126 §4.3 and §4.4 advise to drop.
    /// </summary>
    SourceRoute = 1,

    /// <summary>Record route, timestamp, router alert, or any option that passes unchanged.</summary>
    Other = 2,

    /// <summary>A length below two or beyond the header: the rest cannot be read.</summary>
    Malformed = 4,
}
