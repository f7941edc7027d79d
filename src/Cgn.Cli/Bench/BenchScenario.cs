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
}
