using System;

namespace Cgn.Cli.Replay;

/// <summary>What a TCP connection has been through (RFC 7857 section 2, figure 1).</summary>
[Flags]
internal enum TcpMarks : byte
{
    /// <summary>Nothing yet.</summary>
    None = 0,

    /// <summary>The subscriber's side sent SYN.</summary>
    SynOut = 1,

    /// <summary>The outside sent SYN.</summary>
    SynIn = 2,

    /// <summary>The subscriber's side sent FIN.</summary>
    FinOut = 4,

    /// <summary>The outside sent FIN.</summary>
    FinIn = 8,

    /// <summary>
    /// A reset, or a SYN on a connection that was not over: what follows depends on whether the gateway believed it,
    /// which standards leave open.
    /// </summary>
    Unclear = 16,

    /// <summary>Both SYNs.</summary>
    Established = SynOut | SynIn,

    /// <summary>Both FINs.</summary>
    Closed = FinOut | FinIn,
}
