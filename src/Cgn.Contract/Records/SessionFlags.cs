using System;

namespace Cgn.Contract.Records;

/// <summary>Marks on a session.</summary>
[Flags]
public enum SessionFlags : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>
    /// The remote address is one of our own pools': outbound packets turn back inside (RFC 4787 REQ-9).
    /// </summary>
    Hairpin = 1,

    /// <summary>The first packet came from outside.</summary>
    OutsideInitiated = 2,

    /// <summary>The session was created under session logging, so its end is logged too.</summary>
    Logged = 4,

    /// <summary>
    /// The mapping was made under address-dependent filtering, and keeps it (RFC 4787 REQ-8); all its sessions say so.
    /// </summary>
    AddressFiltered = 16,

    /// <summary>The mapping was made under address- and port-dependent filtering, likewise.</summary>
    EndpointFiltered = 32,

    /// <summary>
    /// An application gateway reads the payload: every packet goes the slow way.
    /// </summary>
    Gateway = 8,
}
