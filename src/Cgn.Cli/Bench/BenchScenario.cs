namespace Cgn.Cli.Bench;

/// <summary>What the subscribers of a run are and do.</summary>
internal enum BenchScenario
{
    /// <summary>All behind softwires, talking to the Internet.</summary>
    DsLite,

    /// <summary>All with shared-space addresses, talking to the Internet.</summary>
    Nat444,

    /// <summary>Every second one behind a softwire, the others with shared-space addresses.</summary>
    Mixed,

    /// <summary>
    /// All behind softwires, talking to each other's external endpoints; each packet is translated twice.
    /// </summary>
    Hairpin,

    /// <summary>
    /// All behind softwires; only the set-up of their sessions is measured, from empty tables every time.
    /// </summary>
    Setup,

    /// <summary>
    /// All behind softwires; each packet is a UDP datagram in two IPv4 fragments, the first one first.
    /// </summary>
    Fragments,

    /// <summary>
    /// All behind softwires; each softwire packet comes in two IPv6 fragments, the first one first, and leaves whole.
    /// </summary>
    OuterFragments,

    /// <summary>
    /// All behind softwires; what is measured comes from outside to pool ports that nobody has, and is dropped.
    /// </summary>
    PortScan,
}
