using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;

using Xunit;

namespace Cgn.Nat.Tests;

/// <summary>
/// What holds of a shard at any time, worked out from its records alone and compared with what it keeps count of.
/// </summary>
internal static class Invariants
{
    internal static void Check(Bench bench)
    {
        NatShard shard = bench.Shard;
        Dictionary<uint, (uint Sessions, uint Mappings, int Blocks)> people = [];
        Dictionary<(uint Block, int Class), int> used = [];
        HashSet<(uint, ushort, byte, uint)> external = [];
        Dictionary<uint, int> sessionsOf = [];

        for (uint n = 1; n <= shard.SessionCapacity; n++)
        {
            ref SessionRecord s = ref shard.Session(n);
            if (!s.IsLive)
                continue;
            ref MappingRecord m = ref shard.Mapping(s.Mapping);
            Assert.True(m.State is MappingState.Dynamic or MappingState.Static or MappingState.Explicit);
            Assert.Equal(
                (m.InternalAddress, m.ExternalAddress, m.Protocol, m.Subscriber),
                (s.InternalAddress, s.ExternalAddress, s.Protocol, s.Subscriber));
            if (NatProtocol.HasPorts(s.Protocol) || s.InternalPort != s.ExternalPort)
                Assert.Equal((m.InternalPort, m.ExternalPort), (s.InternalPort, s.ExternalPort));
            const SessionFlags Filtering = SessionFlags.AddressFiltered | SessionFlags.EndpointFiltered;
            Assert.Equal(shard.Session(m.FirstSession).Flags & Filtering, s.Flags & Filtering);
            sessionsOf[s.Mapping] = sessionsOf.GetValueOrDefault(s.Mapping) + 1;
            (uint sessions, uint mappings, int blocks) = people.GetValueOrDefault(s.Subscriber);
            people[s.Subscriber] = (sessions + 1, mappings, blocks);
            CheckFound(bench, n, s);
        }

        uint live = CheckMappings(bench, people, used, external, sessionsOf);
        Assert.Equal(live, shard.MappingCount);
        HashSet<(uint, int)> taken = [];
        uint blocksTaken = CheckSubscribers(bench, people, used, taken);
        CheckCounters(bench);
        blocksTaken += TakeWaiting(bench, taken);
        uint free = 0;
        for (uint block = 0; block < bench.Pools.BlockCount; block++)
        {
            uint address = bench.Pools.Block(block, out ushort port, out _);
            Assert.True(bench.Pools.TryFind(address, out int number));
            bool isGiven = !bench.Pools.IsReserved(block) && !bench.Pools.IsDrained(number);
            free += isGiven && !taken.Contains((address, port)) ? 1u : 0;
        }

        Assert.Equal(free, shard.FreeBlockCount);
        Assert.Equal(
            blocksTaken, bench.Counters[CounterId.BlocksAllocated] - bench.Counters[CounterId.BlocksReleased]);
    }

    // Blocks that nobody has and nobody gets yet.
    private static uint TakeWaiting(Bench bench, HashSet<(uint Address, int Port)> units)
    {
        uint waiting = 0;
        for (uint n = 1; n < bench.Shard.BlockEnd; n++)
        {
            ref BlockRecord b = ref bench.Shard.Block(n);
            if (b.Subscriber != BlockRecord.Waiting)
                continue;
            waiting++;
            int unit = bench.Snapshot.Pools[bench.Pools.PoolOf(b.ExternalAddress)].UnitSize;
            for (int port = b.FirstPort; port <= b.LastPort; port += unit)
                Assert.True(units.Add((b.ExternalAddress, port)));
        }

        return waiting;
    }

    private static void CheckCounters(Bench bench)
    {
        long[] sessions = new long[4];
        for (uint n = 1; n <= bench.Shard.SessionCapacity; n++)
        {
            if (bench.Shard.Session(n).IsLive)
                sessions[NatProtocol.Class(bench.Shard.Session(n).Protocol)]++;
        }

        long[] mappings = new long[4];
        for (uint n = 1; n <= bench.Snapshot.Settings.MappingCapacity; n++)
        {
            ref MappingRecord m = ref bench.Shard.Mapping(n);
            if (m.State is MappingState.Dynamic or MappingState.Static or MappingState.Explicit)
                mappings[NatProtocol.Class(m.Protocol)]++;
        }

        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(
                sessions[i],
                bench.Counters[CounterId.SessionsCreatedUdp + i] - bench.Counters[CounterId.SessionsExpiredUdp + i]);
            Assert.Equal(
                mappings[i],
                bench.Counters[CounterId.MappingsCreatedUdp + i] - bench.Counters[CounterId.MappingsExpiredUdp + i]);
        }
    }

    private static void CheckFound(Bench bench, uint n, in SessionRecord s)
    {
        // What is expected carries no packets, so no index has it.
        if (!bench.Shard.IsAlive(s, bench.Tick) || s.State == SessionState.Expected)
            return;
        SubscriberKey key = bench.Shard.KeyOf(bench.Shard.Subscriber(s.Subscriber));
        FlowKey inside = Bench.Flow(s.Protocol, s.InternalAddress, s.InternalPort, s.RemoteAddress, s.RemotePort);
        FlowKey outside = Bench.Flow(s.Protocol, s.ExternalAddress, s.ExternalPort, s.RemoteAddress, s.RemotePort);
        Assert.Equal(n, bench.Shard.FindOutbound(bench.Shard.OutboundHash(key, inside), key, inside, bench.Tick));
        Assert.Equal(n, bench.Shard.FindInbound(bench.Shard.InboundHash(outside), outside, bench.Tick));
    }

    private static uint CheckMappings(
        Bench bench, Dictionary<uint, (uint Sessions, uint Mappings, int Blocks)> people,
        Dictionary<(uint Block, int Class), int> used, HashSet<(uint, ushort, byte, uint)> external,
        Dictionary<uint, int> sessionsOf)
    {
        uint live = 0;
        uint capacity = bench.Snapshot.Settings.MappingCapacity;
        for (uint n = 1; n <= capacity; n++)
        {
            ref MappingRecord m = ref bench.Shard.Mapping(n);
            if (!m.IsLive)
                continue;
            live++;
            if (m.State != MappingState.HeldDown && NatProtocol.HasPorts(m.Protocol))
                Assert.Equal(n, bench.Shard.FindMapping(m.ExternalAddress, m.ExternalPort, m.Protocol));
            Assert.Equal(m.SessionCount, ChainOf(bench.Shard, n, m));
            // No two mappings, held ones included, have the same external endpoint.
            uint remote = NatProtocol.HasPorts(m.Protocol) || m.State == MappingState.Explicit ? 0 : m.Aux;
            Assert.True(external.Add((m.ExternalAddress, m.ExternalPort, m.Protocol, remote)));
            Assert.Equal(sessionsOf.GetValueOrDefault(n), m.SessionCount);
            Assert.Equal(m.SessionCount == 0, m.State == MappingState.HeldDown || m.FirstSession == 0);
            (uint sessions, uint mappings, int blocks) = people.GetValueOrDefault(m.Subscriber);
            people[m.Subscriber] = (sessions, mappings + 1, blocks);
            if (m.Block == 0)
                continue;
            ref BlockRecord b = ref bench.Shard.Block(m.Block);
            Assert.Equal((m.Subscriber, m.ExternalAddress), (b.Subscriber, b.ExternalAddress));
            Assert.InRange(m.ExternalPort, b.FirstPort, b.LastPort);
            (uint, int) place = (m.Block, NatProtocol.Class(m.Protocol));
            used[place] = used.GetValueOrDefault(place) + 1;
        }

        return live;
    }

    // Both ways along the sessions of a mapping.
    private static int ChainOf(NatShard shard, uint mapping, in MappingRecord m)
    {
        int length = 0;
        uint previous = 0;
        for (uint session = m.FirstSession; session != 0 && m.SessionCount != 0; length++)
        {
            ref SessionRecord s = ref shard.Session(session);
            Assert.Equal((mapping, previous), (s.Mapping, s.PreviousOfMapping));
            previous = session;
            session = s.NextOfMapping;
        }

        return length;
    }

    private static Dictionary<uint, int[]> PortsInUse(Bench bench)
    {
        Dictionary<uint, int[]> inUse = [];
        for (uint n = 1; n <= bench.Snapshot.Settings.MappingCapacity; n++)
        {
            ref MappingRecord m = ref bench.Shard.Mapping(n);
            if (m.State is not (MappingState.Dynamic or MappingState.Explicit))
                continue;
            inUse.TryAdd(m.Subscriber, new int[4]);
            inUse[m.Subscriber][NatProtocol.Class(m.Protocol)]++;
        }

        return inUse;
    }

    private static uint CheckSubscribers(
        Bench bench, Dictionary<uint, (uint Sessions, uint Mappings, int Blocks)> people,
        Dictionary<(uint Block, int Class), int> used, HashSet<(uint Address, int Port)> units)
    {
        uint blocksTaken = 0;
        Dictionary<uint, int[]> inUse = PortsInUse(bench);
        for (uint n = 1; n <= bench.Snapshot.Settings.SubscriberCapacity; n++)
        {
            ref SubscriberRecord s = ref bench.Shard.Subscriber(n);
            if (!s.IsLive)
                continue;
            Assert.Equal(n, bench.Shard.FindSubscriber(bench.Shard.KeyOf(s)));
            (uint sessions, uint mappings, int _) = people.GetValueOrDefault(n);
            int[] ports = inUse.GetValueOrDefault(n, new int[4]);
            Assert.Equal(ports, new int[] { s.PortsUdp, s.PortsTcp, s.PortsIcmp, s.PortsOther });
            Assert.Equal((sessions, mappings), (s.SessionCount, s.MappingCount));
            int blocks = 0;
            for (uint block = s.FirstBlock; block != 0; block = bench.Shard.Block(block).NextOfSubscriber)
            {
                ref BlockRecord b = ref bench.Shard.Block(block);
                Assert.Equal(n, b.Subscriber);
                // Whole units, of one group, and nobody else's.
                PoolSettings pool = bench.Snapshot.Pools[bench.Pools.PoolOf(b.ExternalAddress)];
                int unit = bench.Pools.Plan is null ? pool.UnitSize : b.LastPort - b.FirstPort + 1;
                if (bench.Pools.Plan is null)
                {
                    Assert.Equal(0, b.FirstPort % pool.UnitSize);
                    Assert.Equal(0, (b.LastPort + 1) % pool.UnitSize);
                    Assert.Equal(b.FirstPort / pool.GroupSize, b.LastPort / pool.GroupSize);
                }

                for (int port = b.FirstPort; port <= b.LastPort; port += unit)
                    Assert.True(units.Add((b.ExternalAddress, port)));
                Assert.Equal(
                    [
                        used.GetValueOrDefault((block, 0)), used.GetValueOrDefault((block, 1)),
                        used.GetValueOrDefault((block, 2)), used.GetValueOrDefault((block, 3)),
                    ],
                    new int[] { b.UsedUdp, b.UsedTcp, b.UsedIcmp, b.UsedOther });
                blocks++;
                blocksTaken++;
            }

            Assert.Equal(blocks, s.BlockCount);
        }

        return blocksTaken;
    }
}
