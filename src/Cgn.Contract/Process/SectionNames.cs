namespace Cgn.Contract.Process;

/// <summary>
/// Names of the arena's sections. In a state directory each is a file of that name with <c>.arena</c> (<see cref="Memory.Arenas.Arena.PathOf"/>).
/// Another process attaches by these names, so they are part of the layout.
/// </summary>
public static class SectionNames
{
    /// <summary>The status page of the forwarder: one <see cref="StatusPage"/>.</summary>
    public const string Forwarder = "forwarder";

    /// <summary>Slab of <see cref="Records.SubscriberRecord"/>.</summary>
    public static string Subscribers(int shard) => Of(shard, "subscribers");

    /// <summary>Slab of <see cref="Records.MappingRecord"/>.</summary>
    public static string Mappings(int shard) => Of(shard, "mappings");

    /// <summary>Slab of <see cref="Records.SessionRecord"/>.</summary>
    public static string Sessions(int shard) => Of(shard, "sessions");

    /// <summary>Array of <see cref="Records.BlockRecord"/>, by number.</summary>
    public static string Blocks(int shard) => Of(shard, "blocks");

    /// <summary>A <see cref="Counting.CounterBlock"/>.</summary>
    public static string Counters(int shard) => Of(shard, "counters");

    /// <summary>Ring of <see cref="Events.ForwarderEvent"/>, written by the shard and read by the control plane.</summary>
    public static string Events(int shard) => Of(shard, "events");

    /// <summary>A shard's section.</summary>
    /// <param name="shard">Number of the shard, from 0.</param>
    /// <param name="what">What the section holds: one word.</param>
    public static string Of(int shard, string what) => $"shard{shard}.{what}";
}
