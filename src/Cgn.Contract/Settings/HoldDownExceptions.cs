using System;

namespace Cgn.Contract.Settings;

/// <summary>Ports that may be used again at once, as RFC 6888 REQ-8 allows.</summary>
[Flags]
public enum HoldDownExceptions : byte
{
    /// <summary>None: every freed port is held down.</summary>
    None = 0,

    /// <summary>TCP ports, since their connections are tracked by a state machine (REQ-8a).</summary>
    TrackedTcp = 1,

    /// <summary>
    /// Ports of a block, which the same subscriber alone may use again; the block itself is held down before another
    /// subscriber gets it (REQ-8b).
    /// </summary>
    SameSubscriber = 2,

    /// <summary>Ports of mappings that are filtered by address, or by address and port (REQ-8c).</summary>
    Filtered = 4,
}
