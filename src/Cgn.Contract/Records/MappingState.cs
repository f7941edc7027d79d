namespace Cgn.Contract.Records;

/// <summary>Where a mapping is in its life. Numbers are part of the record layout.</summary>
public enum MappingState : byte
{
    /// <summary>No mapping: a free record.</summary>
    None = 0,

    /// <summary>Made by traffic; lives while it has a live session.</summary>
    Dynamic = 1,

    /// <summary>Made by configuration; lives until it is taken away.</summary>
    Static = 2,

    /// <summary>
    /// Ended; its external port is not given out again until the hold-down has passed (RFC 6888 REQ-8).
    /// </summary>
    HeldDown = 3,

    /// <summary>
    /// Asked for by a host or by a gateway for its host; lives as its <see cref="ExplicitRecord"/> says, and with its
    /// sessions.
    /// </summary>
    Explicit = 4,
}
