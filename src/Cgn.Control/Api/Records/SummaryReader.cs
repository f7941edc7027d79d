using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Control.Api.Resources;
using Cgn.Control.Hosting.Metrics;

namespace Cgn.Control.Api.Records;

/// <summary>What the API makes of counters and sums: pools, workers, drops.</summary>
internal sealed class SummaryReader(RecordWalk walk)
{
    private const double NsPerSecond = 1e9;
    private const int Digits = 4;

    public IReadOnlyList<PoolResource> Pools(CancellationToken cancellation)
    {
        PoolTally[] tallies = walk.Read(static m => Array.ConvertAll(m.Snapshot.Pools, static p => new PoolTally(p)));
        walk.All<BlockRecord>(static shard => shard.Blocks, (_, _, _, block) => Count(tallies, block), cancellation);
        return Array.ConvertAll(tallies, static tally => tally.ToResource());
    }

    public IReadOnlyList<WorkerResource> Workers() => walk.Read(static moment => Enumerable
        .Range(0, moment.View.Shards.Length).Select(shard => Worker(moment, shard)).ToArray());

    public IReadOnlyList<DropResource> Drops() => walk.Read(Drops);

    /// <summary>Reasons for which packets were dropped, most frequent first.</summary>
    public DropResource[] Drops(ReadMoment moment) =>
    [
        .. from reason in DropReasonText.All
           let packets = Enumerable.Range(0, moment.View.Shards.Length)
               .Sum(shard => moment.View.Counters(shard)[reason])
           where packets != 0
           orderby packets descending
           select new DropResource(DropReasonText.Name(reason), packets),
    ];

    private static void Count(PoolTally[] tallies, in BlockRecord block)
    {
        uint address = block.ExternalAddress;
        Array.Find(tallies, tally => Array.Exists(tally.Pool.Prefixes, p => p.Contains(address)))?.Add(block);
    }

    private static WorkerResource Worker(ReadMoment moment, int shard)
    {
        CounterBlock counters = moment.View.Counters(shard);
        int[] cpus = moment.Snapshot.WorkerCpus;
        (int waiting, int capacity) = moment.View.EventRing(shard);
        return new WorkerResource
        {
            Shard = shard,
            Cpu = shard < cpus.Length ? cpus[shard] : null,
            Received = counters[CounterId.Received],
            Transmitted = counters[CounterId.Transmitted],
            Dropped = counters[CounterId.Dropped],
            BusyRatio = Ratio(counters, CounterId.BusyNs, CounterId.AliveNs),
            BatchSize = Ratio(counters, CounterId.Received, CounterId.BusyTurns),
            HandoffsSent = counters[CounterId.HandoffsSent],
            HandoffsReceived = counters[CounterId.HandoffsReceived],
            EventsWaiting = waiting,
            EventsCapacity = capacity,
            EventsLost = counters[CounterId.EventsLost],
            Subscribers = counters[CounterId.Subscribers],
            AliveSeconds = Math.Round(counters[CounterId.AliveNs] / NsPerSecond, 1),
        };
    }

    private static double Ratio(CounterBlock counters, CounterId part, CounterId whole) =>
        Math.Round((double)counters[part] / Math.Max(1, counters[whole]), Digits);

    /// <summary>What is counted of one pool.</summary>
    private sealed class PoolTally(PoolSettings pool)
    {
        private readonly HashSet<uint> _addresses = [];
        private long _units;
        private long _tcp;
        private long _udp;
        private long _icmp;
        private long _other;

        public PoolSettings Pool { get; } = pool;

        public void Add(in BlockRecord block)
        {
            _addresses.Add(block.ExternalAddress);
            _units += (block.LastPort - block.FirstPort + 1) / Pool.UnitSize;
            _tcp += block.UsedTcp;
            _udp += block.UsedUdp;
            _icmp += block.UsedIcmp;
            _other += block.UsedOther;
        }

        public PoolResource ToResource()
        {
            long addresses = BlockUse.Addresses(Pool);
            long units = addresses * Pool.UnitsPerAddress;
            return new PoolResource
            {
                PoolId = Pool.Name,
                ExternalIpPool =
                    [.. Pool.Prefixes.Select(static p => $"{ReadMoment.Address(p.Address)}/{p.Length}")],
                PortRange = new PortSpanResource { StartPortNumber = Pool.FirstPort, EndPortNumber = Pool.LastPort },
                PortSetSize = Pool.PortSetSize,
                AddressesAllocated = _addresses.Count,
                AddressesFree = Math.Max(0, addresses - _addresses.Count),
                PortsAllocated = _units * Pool.UnitSize,
                PortsFree = Math.Max(0, units - _units) * Pool.UnitSize,
                PortsTaken = new PortCounts { Tcp = _tcp, Udp = _udp, Icmp = _icmp, Other = _other },
                PortSetCount = units,
                PortSetsAllocated = _units,
                Utilisation = Math.Round((double)_units / Math.Max(1, units), Digits),
            };
        }
    }
}
