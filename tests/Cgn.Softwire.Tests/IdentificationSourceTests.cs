using System.Collections.Generic;
using System.Linq;

using Cgn.Testing;

using Xunit;

namespace Cgn.Softwire.Tests;

public class IdentificationSourceTests
{
    private const uint External = 0xC0000201;
    private const uint Remote = 0xC6336401;
    private const byte Udp = 17;

    [Fact]
    [Requirement("RFC6864-S4.3-1")]
    [Requirement("RFC6864-S5.3.1-1")]
    [Requirement("RFC3022-S6.3")]
    public void Identifications_towards_one_remote_do_not_repeat_in_65536_datagrams()
    {
        IdentificationSource source = new(42);
        HashSet<ushort> seen = [];
        for (int i = 0; i < 65536; i++)
            Assert.True(seen.Add(source.Next(External, Remote, Udp, (uint)i / 100)));
        Assert.Equal(0ul, source.Wraps);
    }

    [Theory]
    [Requirement("RFC6864-S5.2-1")]
    [InlineData(1199u, 1u)]
    [InlineData(1200u, 0u)]
    public void Running_out_within_a_datagram_lifetime_is_counted(uint elapsedTicks, ulong wraps)
    {
        IdentificationSource source = new(42);
        for (int i = 0; i < 65536; i++)
            source.Next(External, Remote, Udp, 0);
        source.Next(External, Remote, Udp, elapsedTicks);
        Assert.Equal(wraps, source.Wraps);
    }

    [Theory]
    [Requirement("RFC6864-S5.3.1-1")]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Workers_that_share_an_external_address_never_give_the_same(int workers)
    {
        HashSet<ushort> seen = [];
        for (int w = 0; w < workers; w++)
        {
            IdentificationSource source = new(42, w, workers);
            for (uint i = 0; i < source.Budget; i++)
                Assert.True(seen.Add(source.Next(External, Remote, Udp, 0)));
            Assert.Equal(0ul, source.Wraps);
        }
    }

    [Fact]
    public void Identifications_do_not_count_up()
    {
        IdentificationSource source = new(42);
        List<ushort> ids = Enumerable.Range(0, 1000).Select(_ => source.Next(External, Remote, Udp, 0)).ToList();
        Assert.InRange(ids.Zip(ids.Skip(1)).Count(p => (ushort)(p.Second - p.First) <= 8), 0, 10);
    }

    [Fact]
    public void Permutations_hit_every_number_once()
    {
        bool[] hit = new bool[65536];
        for (int i = 0; i < 65536; i++)
            hit[Permutation.Of16((ushort)i, 123)] = true;
        Assert.DoesNotContain(false, hit);
        HashSet<uint> wide = [];
        for (uint i = 0; i < 1_000_000; i++)
            Assert.True(wide.Add(Permutation.Of32(i * 4099, 123)));
    }
}
