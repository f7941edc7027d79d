using System;

namespace Cgn.Memory.Frames;

/// <summary>What a frame has been through before this turn; carried across a handoff.</summary>
[Flags]
public enum FrameFlags : byte
{
    /// <summary>As received from a port.</summary>
    None = 0,

    /// <summary>
    /// Translated outbound by its sender's shard and now to be treated as if it had come in from outside
    /// (hairpinning, RFC 4787 section 6).
    /// Its time to live has been decremented already.
    /// </summary>
    Hairpinned = 1,

    /// <summary>Moved here by another worker, which has found out whose it is.</summary>
    HandedOff = 2,

    /// <summary>Not a packet but an empty chunk on its way back to the pool of the worker that lacks it.</summary>
    Empty = 4,

    /// <summary>
    /// A fragment whose ports are known: they stand in the first four bytes of its chunk, local then remote, host
    /// byte order.
    /// </summary>
    PortsKnown = 8,

    /// <summary>Finished: the worker that it is handed to only has to transmit it, because the one that made it has
    /// no queue of that port.</summary>
    Finished = 16,
}
