using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Records;

namespace Cgn.Nat.Tests;

/// <summary>A shard's state as lines of text: what two processes must agree on.</summary>
internal static class StateText
{
    /// <summary>Every record, with what it refers to and counts, and the counters that follow from records.</summary>
    internal static List<string> Of(Bench bench)
    {
        NatShard shard = bench.Shard;
        List<string> lines = [];
        for (uint n = 1; n <= bench.Snapshot.Settings.SessionCapacity; n++)
        {
            ref SessionRecord s = ref shard.Session(n);
            if (s.IsLive)
            {
                lines.Add($"session {n} {s.Subscriber} {s.Mapping} {s.Protocol} {s.State} {s.Flags} "
                    + $"{s.InternalAddress}:{s.InternalPort} {s.ExternalAddress}:{s.ExternalPort} "
                    + $"{s.RemoteAddress}:{s.RemotePort} {s.PreviousOfMapping} {s.NextOfMapping}");
            }
        }

        for (uint n = 1; n <= bench.Snapshot.Settings.MappingCapacity; n++)
        {
            ref MappingRecord m = ref shard.Mapping(n);
            if (m.IsLive)
            {
                ref readonly ExplicitRecord e = ref shard.Explicit(n);
                lines.Add($"mapping {n} {m.State} {m.Subscriber} {m.Protocol} {m.InternalAddress}:{m.InternalPort} "
                    + $"{m.ExternalAddress}:{m.ExternalPort} {m.SessionCount} {m.FirstSession} {m.Block} {m.Aux} "
                    + $"{e.EndsAt} {e.RemoteAddress} {e.Control} {e.NonceLow}");
            }
        }

        for (uint n = 1; n <= bench.Snapshot.Settings.SubscriberCapacity; n++)
        {
            ref SubscriberRecord s = ref shard.Subscriber(n);
            if (s.IsLive)
            {
                lines.Add($"subscriber {n} {s.Kind} {s.B4High:X} {s.B4Low:X} {s.ExternalAddress} {s.FirstBlock} "
                    + $"{s.BlockCount} {s.SessionCount} {s.MappingCount} {s.PortsUdp} {s.PortsTcp} {s.PortsIcmp} "
                    + $"{s.PortsOther} {s.ExplicitCount} {s.CreatedAt} {s.Plan} {s.Pool}");
            }
        }

        for (uint n = 1; n < shard.BlockEnd; n++)
        {
            ref BlockRecord b = ref shard.Block(n);
            if (b.IsLive)
            {
                // Those that wait are chained anew.
                uint next = b.IsGivenOut ? b.NextOfSubscriber : 0;
                lines.Add($"block {n} {b.Subscriber} {b.ExternalAddress}:{b.FirstPort}-{b.LastPort} {b.UsedTcp} "
                    + $"{b.UsedUdp} {b.UsedIcmp} {b.UsedOther} {b.AllocatedUnixSeconds} {next}");
            }
        }

        lines.AddRange(Counters(bench));
        return lines;
    }

    /// <summary>What the log must say is there: blocks, sessions and subscribers.</summary>
    internal static IEnumerable<string> Told(Bench bench)
    {
        NatShard shard = bench.Shard;
        List<string> names = [];
        for (uint n = 1; n < shard.BlockEnd; n++)
        {
            ref BlockRecord b = ref shard.Block(n);
            if (b.IsGivenOut)
                names.Add($"block {b.Subscriber} {b.ExternalAddress}:{b.FirstPort}-{b.LastPort}");
        }

        for (uint n = 1; n <= bench.Snapshot.Settings.SessionCapacity; n++)
        {
            ref SessionRecord s = ref shard.Session(n);
            if (s.IsLive && (s.Flags & SessionFlags.Logged) != 0)
            {
                names.Add($"session {s.Subscriber} {s.Protocol} {s.InternalAddress}:{s.InternalPort} "
                    + $"{s.ExternalAddress}:{s.ExternalPort} {s.RemoteAddress}:{s.RemotePort}");
            }
        }

        for (uint n = 1; n <= bench.Snapshot.Settings.SubscriberCapacity; n++)
        {
            if (shard.Subscriber(n) is { IsLive: true, CreatedAt: not 0 })
                names.Add($"subscriber {n}");
        }

        return names;
    }

    /// <summary>What an event is about, in the words of <see cref="Told"/>.</summary>
    internal static bool TryName(in ForwarderEvent told, out string name, out bool begins)
    {
        begins = told.Kind is EventKind.BlockAllocated or EventKind.SessionOpened or EventKind.SubscriberSeen;
        name = told.Kind switch
        {
            EventKind.BlockAllocated or EventKind.BlockReleased =>
                $"block {told.Subscriber} {told.ExternalAddress}:{told.ExternalPort}-{told.LastPort}",
            EventKind.SessionOpened or EventKind.SessionClosed =>
                $"session {told.Subscriber} {told.Protocol} {told.InternalAddress}:{told.InternalPort} "
                + $"{told.ExternalAddress}:{told.ExternalPort} {told.RemoteAddress}:{told.RemotePort}",
            EventKind.SubscriberSeen or EventKind.SubscriberGone => $"subscriber {told.Subscriber}",
            _ => "",
        };
        return name.Length != 0;
    }

    private static IEnumerable<string> Counters(Bench bench)
    {
        CounterId[] ids =
        [
            CounterId.Subscribers, CounterId.Softwires, CounterId.MappingsHeld, CounterId.BlocksAllocated,
            CounterId.BlocksReleased, CounterId.BlocksTotal,
            .. Enumerable.Range(0, 4).SelectMany(static i => new[]
            {
                CounterId.SessionsCreatedUdp + i, CounterId.SessionsExpiredUdp + i,
                CounterId.MappingsCreatedUdp + i, CounterId.MappingsExpiredUdp + i,
            }),
        ];
        foreach (CounterId id in ids)
            yield return $"{id} {bench.Counters[id]}";
        yield return $"free blocks {bench.Shard.FreeBlockCount}";
    }
}
