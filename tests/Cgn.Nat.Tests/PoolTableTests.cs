using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Testing;

using CsCheck;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>Addresses and blocks by number, and whose they are.</summary>
public sealed class PoolTableTests
{
    private static readonly PoolSettings[] s_pools =
    [
        new("a", [new(0xC6336408, 31), new(0xC0000200, 30)], 1024, 65535, 512, 1200),
        new("b", [new(0xCB007180, 32)], 2000, 2999, 300, 600),
        new("none", [new(0x08080800, 31)], 1024, 1100, 512, 600),
    ];

    [Fact]
    [Requirement("RFC6888-REQ-3")]
    public void Every_address_of_every_pool_is_found_and_no_other()
    {
        PoolTable table = new(Config(pools: s_pools));
        Assert.Equal(9, table.AddressCount);
        HashSet<int> numbers = [];
        uint[] all =
        [
            0x08080800, 0x08080801, 0xC0000200, 0xC0000201, 0xC0000202, 0xC0000203, 0xC6336408, 0xC6336409, 0xCB007180,
        ];
        foreach (uint address in all)
        {
            Assert.True(table.TryFind(address, out int number));
            Assert.True(numbers.Add(number));
            Assert.Equal(address, table.AddressOf(number));
        }

        Assert.Equal(Enumerable.Range(0, 9), numbers.Order());
        uint[] others = [0, 0x080807FF, 0x08080802, 0xC00001FF, 0xC0000204, 0xC6336407, 0xCB007181, ~0u];
        foreach (uint address in others)
            Assert.False(table.Contains(address));
    }

    [Fact]
    public void Block_of_every_port_leads_back_to_its_ports()
    {
        PoolTable table = new(Config(pools: s_pools));
        // 126 blocks of 512 at six addresses, three of 300 at one (2100 to 2999), none at two.
        Assert.Equal((126u * 6) + 3, table.BlockCount);
        HashSet<uint> blocks = [];
        foreach (uint address in new uint[] { 0xC0000203, 0xC6336409, 0xCB007180, 0x08080800 })
        {
            for (int port = 0; port <= ushort.MaxValue; port++)
            {
                if (!table.TryBlockOf(address, (ushort)port, out uint block))
                    continue;
                Assert.Equal(address, table.Block(block, out ushort first, out ushort last));
                Assert.InRange(port, first, last);
                blocks.Add(block);
            }
        }

        Assert.Equal(126 + 126 + 3, blocks.Count);
        Assert.False(table.TryBlockOf(0xCB007180, 2099, out _));
        Assert.True(table.TryBlockOf(0xCB007180, 2100, out _));
        Assert.False(table.TryBlockOf(0xCB007180, 3000, out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Blocks_of_an_address_are_divided_evenly_among_the_shards(int shards)
    {
        PoolTable table = new(Config(pools: s_pools));
        int[] ports = new int[shards];
        for (int port = 1024; port <= ushort.MaxValue; port++)
            ports[table.OwnerShard(0xC0000201, (ushort)port, Udp, shards)]++;
        Assert.InRange(ports.Max() - ports.Min(), 0, 512);
        Assert.Equal(-1, table.OwnerShard(1, 5000, Udp, shards));
    }

    [Fact]
    public void Static_port_belongs_to_its_subscribers_shard_and_its_block_to_nobody()
    {
        StaticMapping web = new(Home(7).High, 0, true, Tcp, Host, 443, Pool, 5000);
        StaticMapping low = new(0, Customer(9).Low, false, Tcp, Host, 443, Pool + 1, 443);
        ConfigSnapshot config = Config(statics: [web, low]);
        PoolTable table = new(config);
        for (int shards = 1; shards <= 8; shards++)
        {
            Assert.Equal(
                NatShard.ShardOf(Home(7), shards, config.Settings.Seed), table.OwnerShard(Pool, 5000, Tcp, shards));
            Assert.Equal(
                NatShard.ShardOf(Customer(9), shards, config.Settings.Seed),
                table.OwnerShard(Pool + 1, 443, Tcp, shards));
        }

        Assert.True(table.TryBlockOf(Pool, 5000, out uint block));
        Assert.True(table.IsReserved(block));
        Assert.False(table.IsReserved(block + 1));
        using Bench bench = new(config);
        Assert.Equal(table.BlockCount - 1, bench.Shard.FreeBlockCount);
    }

    [Fact]
    public void Subscribers_are_spread_over_shards_by_their_key_alone() =>
        Gen.Select(Gen.Int[1, 16], Gen.ULong).Sample(
            (shards, seed) =>
            {
                int[] counts = new int[shards];
                for (int i = 0; i < 800; i++)
                    counts[NatShard.ShardOf(Home(i), shards, seed)]++;
                int even = 800 / shards;
                Assert.All(counts, count => Assert.InRange(count, even / 3, (even * 2) + 40));
            },
            iter: 100);

    [Fact]
    public void Address_only_traffic_is_its_claimants_until_released()
    {
        AddressOnlyClaims claims = new(1);
        Assert.True(claims.TryClaim(Pool, Web, Gre, 0, 3));
        Assert.True(claims.TryClaim(Pool, Web, Gre, 0, 3));
        Assert.False(claims.TryClaim(Pool, Web, Gre, 0, 4));
        Assert.True(claims.TryFind(Pool, Web, Gre, 0, out int shard));
        Assert.Equal(3, shard);
        claims.Release(Pool, Web, Gre, 0, 4);
        Assert.False(claims.TryClaim(Pool, Web, Gre, 0, 4));
        claims.Release(Pool, Web, Gre, 0, 3);
        Assert.False(claims.TryFind(Pool, Web, Gre, 0, out _));
        Assert.True(claims.TryClaim(Pool, Web, Gre, 0, 4));
    }

    [Fact]
    public void Claims_refuse_rather_than_lose_when_there_is_no_place()
    {
        AddressOnlyClaims claims = new(1);
        int made = 0;
        for (uint i = 0; i < 2 * AddressOnlyClaims.Places; i++)
        {
            if (!claims.TryClaim(Pool, i, Gre, 0, 0))
                continue;
            made++;
            Assert.True(claims.TryFind(Pool, i, Gre, 0, out _));
        }

        Assert.InRange(made, AddressOnlyClaims.Places / 2, AddressOnlyClaims.Places + AddressOnlyClaims.Reach);
    }
}
