namespace Cgn.Contract.Process;

/// <summary>
/// Names of the arena's sections beside those of the records (<see cref="Records.ShardSections"/>). In a state
/// directory
/// each is a file of that name with <c>.arena</c> (<see cref="Memory.Arenas.Arena.PathOf"/>). Another process
/// attaches by
/// these names, so they are part of the layout.
/// </summary>
public static class SectionNames
{
    /// <summary>The status page of the forwarder: one <see cref="StatusPage"/>.</summary>
    public const string Forwarder = "forwarder";

    /// <summary>
    /// The policies that the control plane has granted: a <see cref="Records.PolicyTable"/>, shared by all shards.
    /// </summary>
    public const string Policies = "policies";

    /// <summary>
    /// Where the block log stands, written by the control plane: lives and dies with the rings, whose sequences it
    /// names.
    /// </summary>
    public const string LogCursor = "log-cursor";

    /// <summary>A <see cref="Counting.CounterBlock"/>.</summary>
    /// <param name="shard">Number of the shard, from 0.</param>
    public static string Counters(int shard) => $"shard-{shard}-counters";

    /// <summary>A <see cref="Counting.PoolBoard"/>.</summary>
    /// <param name="shard">Number of the shard, from 0.</param>
    public static string Pools(int shard) => $"shard-{shard}-pools";

    /// <summary>
    /// Ring of <see cref="Events.ForwarderEvent"/>, written by the shard and read by the control plane.
    /// </summary>
    /// <param name="shard">Number of the shard, from 0.</param>
    public static string Events(int shard) => $"shard-{shard}-events";

    /// <summary>
    /// Ring of <see cref="Commands.ForwarderCommand"/>, written by whoever holds the command lock and read
    /// by the shard.
    /// </summary>
    /// <param name="shard">Number of the shard, from 0.</param>
    public static string Commands(int shard) => $"shard-{shard}-commands";
}
