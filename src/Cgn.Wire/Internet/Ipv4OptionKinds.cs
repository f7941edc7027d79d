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

    /// <summary>Router alert, or any other option.</summary>
    Other = 2,

    /// <summary>A length below two or beyond the header: the rest cannot be read.</summary>
    Malformed = 4,

    /// <summary>
    /// Record route, timestamp or stream identifier (types 7, 68 and 136): they collect addresses or times on the way,
    /// or are obsolete, and RFC 7126 §4.5 to §4.8 advise to drop them.
    /// </summary>
    Recording = 8,
}
