using System.Linq;
using System.Runtime.CompilerServices;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Tables;
using Cgn.Nat;
using Cgn.Pipeline;

namespace Cgn.Cli.Bench;

/// <summary>
/// How a gateway's memory divides: what there is for each session, for each subscriber, and once. Two small arrays of
/// two bytes a subscriber, in managed memory, are in none of it.
/// </summary>
/// <param name="PerSession">
/// Bytes for each session that fits: records of session, mapping, explicit mapping and application gateway, and the
/// four indexes of sessions and mappings.
/// </param>
/// <param name="PerSubscriber">Bytes for each subscriber that fits: record, port blocks, index.</param>
/// <param name="Fixed">The rest: counters, event rings, headers, and what rounding to whole pages adds.</param>
internal readonly record struct BenchMemory(double PerSession, double PerSubscriber, ulong Fixed)
{
    /// <summary>Divides the memory of a gateway.</summary>
    public static BenchMemory Of(BenchGateway gateway, GatewaySettings settings)
    {
        ShardCapacity capacity = ShardCapacity.Of(settings, settings.ShardCount);
        ulong sessions = ((ulong)capacity.Sessions * SessionRecord.SizeBytes)
            + ((ulong)capacity.Mappings * MappingRecord.SizeBytes)
            + ((ulong)capacity.Explicit * ExplicitRecord.SizeBytes)
            + ((ulong)gateway.States.First().Nat.GatewayCapacity * (ulong)Unsafe.SizeOf<GatewayRecord>())
            + (2 * IndexBytes(capacity.Sessions)) + (2 * IndexBytes(capacity.Mappings));
        ulong subscribers = ((ulong)capacity.Subscribers * SubscriberRecord.SizeBytes)
            + ((ulong)capacity.Blocks * BlockRecord.SizeBytes) + IndexBytes(capacity.Subscribers);
        ulong shards = (ulong)settings.ShardCount;
        ulong whole = gateway.ArenaBytes + gateway.IndexBytes;
        return new BenchMemory(
            sessions * shards / (double)settings.SessionCapacity,
            subscribers * shards / (double)settings.SubscriberCapacity,
            whole - ((sessions + subscribers) * shards));
    }

    private static ulong IndexBytes(uint capacity)
    {
        using HashIndex index = new(capacity);
        return index.Bytes;
    }
}
