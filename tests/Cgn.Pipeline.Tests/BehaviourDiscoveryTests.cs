using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Testing;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>What a program finds out that asks a STUN server how it is translated (RFC 5780).</summary>
public sealed class BehaviourDiscoveryTests
{
    private const ushort Port = 5000;
    private const ushort OtherPort = 5001;

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    [Requirement("NAT-T-STUN")]
    [Requirement("RFC4787-REQ-1")]
    [Requirement("RFC4787-REQ-8")]
    public void Mapping_and_filtering_are_endpoint_independent(bool softwire, int shards)
    {
        using GatewayBench bench = new(shards: shards);
        StunProbe probe = Probe(bench, softwire);
        StunProbe.Answer? first = probe.Ask(Port, StunProbe.First, StunProbe.Primary);
        Assert.NotNull(first);
        Assert.DoesNotContain(new Host(bench, softwire).Address, first.Value.Disguised);
        // RFC 5780 4.3, tests II and III.
        Assert.Equal(first, probe.Ask(Port, StunProbe.Second, StunProbe.Primary));
        Assert.Equal(first, probe.Ask(Port, StunProbe.Second, StunProbe.Alternate));
        // 4.4: answers from an address and a port that were never asked, from a port of its own not to mix with above.
        Assert.NotNull(probe.Ask(
            OtherPort, StunProbe.First, StunProbe.Primary, StunProbe.Second, StunProbe.Alternate));
        Assert.NotNull(probe.Ask(
            OtherPort, StunProbe.First, StunProbe.Primary, StunProbe.First, StunProbe.Alternate));
    }

    [Theory]
    [InlineData(FilteringType.AddressDependent, true)]
    [InlineData(FilteringType.AddressAndPortDependent, false)]
    [Requirement("RFC4787-REQ-8")]
    [Requirement("RFC4787-REQ-8a")]
    public void Stricter_filters_are_seen_for_what_they_are(FilteringType filtering, bool fromOtherPort)
    {
        foreach (bool softwire in new[] { true, false })
        {
            using GatewayBench bench = new(s => s with { FilteringType = filtering });
            StunProbe probe = Probe(bench, softwire);
            Assert.NotNull(probe.Ask(Port, StunProbe.First, StunProbe.Primary));
            Assert.Null(probe.Ask(Port, StunProbe.First, StunProbe.Primary, StunProbe.Second, StunProbe.Alternate));
            Assert.Equal(
                fromOtherPort,
                probe.Ask(Port, StunProbe.First, StunProbe.Primary, StunProbe.First, StunProbe.Alternate) is not null);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("NAT-T-STUN")]
    [Requirement("RFC4787-REQ-5c")]
    public void Binding_lives_for_five_minutes(bool softwire)
    {
        using GatewayBench bench = new();
        StunProbe probe = Probe(bench, softwire);
        // RFC 5780 4.6: another port asks that the answer go to the first one's binding.
        foreach ((double idle, bool lives) in new[] { (299.0, true), (300.3, false) })
        {
            ushort port = ushort.Parse(
                probe.Ask(Port, StunProbe.First, StunProbe.Primary)!.Value.Disguised.Split(':')[1]);
            bench.Advance(idle);
            Assert.Equal(
                lives, probe.Ask(OtherPort, StunProbe.First, StunProbe.Primary, toPort: port) is not null);
            bench.Advance(600);
        }
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    [Requirement("NAT-T-STUN")]
    [Requirement("RFC4787-REQ-9")]
    [Requirement("RFC4787-REQ-9a")]
    public void Host_reaches_itself_through_its_own_binding(bool softwire, int shards)
    {
        using GatewayBench bench = new(shards: shards);
        StunProbe probe = Probe(bench, softwire);
        string own = probe.Ask(Port, StunProbe.First, StunProbe.Primary)!.Value.Disguised;
        string other = probe.Ask(OtherPort, StunProbe.First, StunProbe.Primary)!.Value.Disguised;
        Assert.Equal(other, probe.SendToOwn(OtherPort, own));
        Assert.Equal(own, probe.SendToOwn(Port, own));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    [Requirement("NAT-T-STUN")]
    public void Datagrams_in_fragments_pass_both_ways(bool softwire, int shards)
    {
        using GatewayBench bench = new(shards: shards);
        StunProbe probe = Probe(bench, softwire);
        StunProbe.Answer? whole = probe.Ask(Port, StunProbe.First, StunProbe.Primary);
        Assert.Equal(whole, probe.Ask(Port, StunProbe.First, StunProbe.Primary, padding: 3000));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("NAT-T-STUN")]
    public void Nothing_looks_for_addresses_in_payloads(bool softwire)
    {
        using GatewayBench bench = new();
        StunProbe.Answer? answer = Probe(bench, softwire).Ask(Port, StunProbe.First, StunProbe.Primary);
        Assert.Equal(answer!.Value.Disguised, answer.Value.Clear);
    }

    [Fact]
    [Requirement("RFC4787-REQ-11")]
    public void Behaviour_stays_what_it_is_when_the_ports_are_nearly_used_up()
    {
        // One address with one block of 512 ports, and one subscriber who has 490 of them.
        using GatewayBench bench = new(snapshot: s => s with
        {
            Pools = [new PoolSettings("small", [new Ipv4PrefixSetting(0xCB007109, 32)], 1024, 1535, 512, 1200)],
        });
        Host host = new(bench, softwire: true);
        for (int i = 0; i < 490; i++)
            Assert.Single(host.Udp((ushort)(10000 + i), "192.0.2.9", 9));
        StunProbe probe = new(bench, host);
        foreach (ushort port in Enumerable.Range(20000, 20))
        {
            StunProbe.Answer? first = probe.Ask(port, StunProbe.First, StunProbe.Primary);
            Assert.Equal(first, probe.Ask(port, StunProbe.Second, StunProbe.Alternate));
            Assert.NotNull(probe.Ask(port, StunProbe.First, StunProbe.Primary, StunProbe.Second, StunProbe.Alternate));
        }
    }

    private static StunProbe Probe(GatewayBench bench, bool softwire) => new(bench, new Host(bench, softwire));
}
