using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Arenas;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>Protocols without ports: carried by their addresses alone.</summary>
public sealed class AddressOnlyTests
{
    [Fact]
    public void Goes_by_the_paired_address_and_comes_back()
    {
        using Bench bench = new();
        uint paired = bench.External(Home(1), Udp, Host, 5000).Address;
        uint session = bench.Out(Home(1), Gre, Host, 0, Web, 0);
        Assert.Equal(paired, bench.Shard.Session(session).ExternalAddress);
        Assert.Equal(SessionState.AddressOnly, bench.Shard.Session(session).State);
        Assert.Equal(session, bench.In(Gre, paired, 0, Web, 0));
        Assert.Equal(0u, bench.In(Gre, paired, 0, Dns, 0));
        Assert.Equal(DropReason.NoMapping, bench.Refusal);
    }

    [Fact]
    public void Takes_a_block_for_its_address_when_the_subscriber_has_none()
    {
        using Bench bench = new();
        uint free = bench.Shard.FreeBlockCount;
        Assert.NotEqual(0u, bench.Out(Home(1), Gre, Host, 0, Web, 0));
        Assert.Equal(free - 1, bench.Shard.FreeBlockCount);
    }

    [Fact]
    public void Second_host_towards_the_same_remote_is_in_conflict_until_the_first_is_gone()
    {
        using Bench bench = new(Config(prefix: 32));
        Assert.NotEqual(0u, bench.Out(Home(1), Gre, Host, 0, Web, 0));
        Assert.Equal(0u, bench.Out(Home(1), Gre, OtherHost, 0, Web, 0));
        Assert.Equal(DropReason.AddressOnlyConflict, bench.Refusal);
        Assert.Equal(0u, bench.Out(Home(2), Gre, Host, 0, Web, 0));
        Assert.Equal(DropReason.AddressOnlyConflict, bench.Refusal);
        Assert.NotEqual(0u, bench.Out(Home(2), Gre, Host, 0, Dns, 0));
        bench.Wait(301);
        // No sweep: past its timer is past its claim.
        Assert.NotEqual(0u, bench.Out(Home(2), Gre, Host, 0, Web, 0));
        Assert.Equal(0u, bench.Out(Home(1), Gre, Host, 0, Web, 0));
    }

    [Fact]
    public void Policy_may_exclude_them()
    {
        using Bench bench = new(Config(s => s with { OtherProtocols = OtherProtocols.Drop }));
        Assert.Equal(0u, bench.Out(Home(1), Gre, Host, 0, Web, 0));
        Assert.Equal(DropReason.UnsupportedProtocol, bench.Refusal);
    }

    [Fact]
    public void Shards_share_the_claims_and_inbound_packets_find_the_claimant()
    {
        const int Shards = 4;
        ConfigSnapshot config = Config(s => s with { ShardCount = Shards }, prefix: 32);
        PoolTable pools = new(config);
        using Arena arena = Arena.Private();
        CounterBlock counters = new(arena.Take("counters", CounterBlock.SizeBytes));
        NatShard[] shards = new NatShard[Shards];
        for (int i = 0; i < Shards; i++)
            shards[i] = new NatShard(i, Shards, arena, config, pools, counters, null, default);
        int carried = 0;
        for (int home = 0; home < 20; home++)
        {
            int owner = NatShard.ShardOf(Home(home), Shards, config.Settings.Seed);
            FlowKey flow = Flow(Gre, Host, 0, Web, 0);
            uint session = shards[owner].CreateOutbound(
                shards[owner].OutboundHash(Home(home), flow), Home(home), Home(home).High, 1, 0, flow, default, default,
                out DropReason refusal);
            if (session == 0)
            {
                Assert.Equal(DropReason.AddressOnlyConflict, refusal);
                continue;
            }

            carried++;
            Assert.Equal(owner, pools.OwnerShard(Flow(Gre, Pool, 0, Web, 0), Shards));
        }

        Assert.Equal(1, carried);
        foreach (NatShard shard in shards)
            shard.Dispose();
    }
}
