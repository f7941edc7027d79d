namespace Cgn.Contract.Counting;

/// <summary>What a shard counts of each pool, in the order of memory (<see cref="PoolBoard"/>).</summary>
public enum PoolCount
{
    /// <summary>
    /// Units (<see cref="Settings.PoolSettings.UnitSize"/>) that the shard can give out, in use or not.
    /// </summary>
    Units,

    /// <summary>Those of them that are free.</summary>
    UnitsFree,

    /// <summary>Ports in port blocks that are given out, on drained addresses and in computed sets too.</summary>
    PortsUsed,

    /// <summary>Port blocks that are given out.</summary>
    BlocksUsed,

    /// <summary>How many there are; not a count.</summary>
    Count,
}
