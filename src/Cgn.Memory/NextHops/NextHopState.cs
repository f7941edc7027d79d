namespace Cgn.Memory.NextHops;

/// <summary>What is known of a next hop.</summary>
public enum NextHopState : byte
{
    /// <summary>An unused entry.</summary>
    None = 0,

    /// <summary>Its header is complete.</summary>
    Resolved = 1,

    /// <summary>The kernel has been asked for the neighbour's address.</summary>
    Pending = 2,

    /// <summary>The kernel has no route there.</summary>
    Unreachable = 3,
}
