using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>Whom a mapping admits (RFC 4787 section 5, RFC 5382 REQ-3).</summary>
public sealed class FilteringTests
{
    [Theory]
    [InlineData(FilteringType.EndpointIndependent, true, true, true)]
    [InlineData(FilteringType.AddressDependent, true, true, false)]
    [InlineData(FilteringType.AddressAndPortDependent, true, false, false)]
    [Requirement("RFC4787-REQ-8")]
    [Requirement("RFC4787-REQ-8a")]
    [Requirement("RFC6888-REQ-7")]
    public void Filter_admits_exactly_whom_its_type_says(FilteringType type, bool same, bool port, bool stranger)
    {
        using Bench bench = new(Config(s => s with { FilteringType = type }));
        (uint external, ushort mapped) = bench.External(Home(1), Udp, Host, 5000, Web, 80);
        Check(bench, same, bench.In(Udp, external, mapped, Web, 80));
        Check(bench, port, bench.In(Udp, external, mapped, Web, 4444));
        Check(bench, stranger, bench.In(Udp, external, mapped, Dns, 53));
    }

    [Fact]
    public void Two_endpoints_that_talk_by_one_mapping_do_not_begin_to_by_another()
    {
        using Bench bench = new(Config(s => s with { MappingType = MappingType.AddressAndPortDependent }));
        (uint external, ushort toWeb) = bench.External(Home(1), Udp, Host, 5000, Web, 80);
        (_, ushort toDns) = bench.External(Home(1), Udp, Host, 5000, Dns, 53);
        Assert.NotEqual(toWeb, toDns);
        Assert.Equal(0u, bench.In(Udp, external, toWeb, Dns, 53));
        Assert.Equal(DropReason.Filtered, bench.Refusal);
        Assert.NotEqual(0u, bench.In(Udp, external, toWeb, Dns, 54));
    }

    [Fact]
    [Requirement("RFC5382-REQ-3")]
    public void Outsiders_syn_opens_a_session_to_an_endpoint_independent_mapping()
    {
        using Bench bench = new();
        (uint external, ushort port) = bench.External(Home(1), Tcp, Host, 5000);
        uint session = bench.In(Tcp, external, port, Dns, 4000);
        Assert.NotEqual(0u, session);
        Assert.Equal(SessionState.TcpInitOutside, bench.Shard.Session(session).State);
        Assert.True(bench.Shard.Session(session).Flags.HasFlag(SessionFlags.OutsideInitiated));
        Assert.Equal(session, bench.Out(Home(1), Tcp, Host, 5000, Dns, 4000, TcpFlags.Syn | TcpFlags.Ack));
    }

    [Theory]
    [InlineData(TcpFlags.Ack)]
    [InlineData(TcpFlags.Syn | TcpFlags.Ack)]
    [InlineData(TcpFlags.Rst)]
    [InlineData(TcpFlags.Fin | TcpFlags.Ack)]
    [InlineData(TcpFlags.Syn | TcpFlags.Fin)]
    [Requirement("RFC5382-S5-2")]
    public void Segment_that_is_no_syn_makes_no_session(TcpFlags flags)
    {
        using Bench bench = new();
        Assert.Equal(0u, bench.Out(Home(1), Tcp, Host, 5000, flags: flags));
        Assert.Equal(DropReason.NoSession, bench.Refusal);
        Assert.Equal(0u, bench.Shard.SubscriberCount);
        (uint external, ushort port) = bench.External(Home(1), Tcp, Host, 5000);
        Assert.Equal(0u, bench.In(Tcp, external, port, Dns, 4000, flags));
        Assert.Equal(DropReason.NoSession, bench.Refusal);
    }

    [Fact]
    [Requirement("RFC6269-S9-1")]
    public void Echo_reply_with_an_unknown_identifier_has_no_mapping()
    {
        using Bench bench = new();
        (uint external, ushort identifier) = bench.External(Home(1), Icmp, Host, 7, Web, 0);
        Assert.NotEqual(0u, bench.In(Icmp, external, identifier, Web, 0));
        Assert.Equal(0u, bench.In(Icmp, external, (ushort)(identifier ^ 1), Web, 0));
        Assert.Equal(DropReason.NoMapping, bench.Refusal);
    }

    [Fact]
    [Requirement("RFC7857-S7-1")]
    public void Filtered_packets_do_not_prolong_a_mapping()
    {
        using Bench bench = new(Config(s => s with
        {
            FilteringType = FilteringType.AddressDependent,
            InboundRefresh = true,
        }));
        (uint external, ushort port) = bench.External(Home(1), Udp, Host, 5000, Web, 80);
        for (int i = 0; i < 6; i++)
        {
            bench.Wait(50.1);
            Assert.Equal(0u, bench.In(Udp, external, port, Dns, 53));
        }

        Assert.Equal(DropReason.NoMapping, bench.Refusal);
        Assert.Equal(0u, bench.In(Udp, external, port, Web, 80));
    }

    [Fact]
    [Requirement("RFC4787-REQ-6a")]
    public void Strangers_alone_do_not_keep_a_mapping_alive()
    {
        using Bench bench = new();
        (uint external, ushort port) = bench.External(Home(1), Udp, Host, 5000, Web, 80);
        for (ushort i = 0; i < 5; i++)
        {
            bench.Wait(59);
            Assert.NotEqual(0u, bench.In(Udp, external, port, Dns, (ushort)(1000 + i)));
        }

        bench.Wait(6);
        Assert.Equal(0u, bench.In(Udp, external, port, Dns, 2000));
        Assert.Equal(0u, bench.In(Udp, external, port, Dns, 1004));
        Assert.Equal(DropReason.NoMapping, bench.Refusal);
    }

    [Fact]
    [Requirement("RFC7857-S7.1-2")]
    public void Strangers_syns_answered_by_resets_do_not_keep_a_mapping_alive()
    {
        using Bench bench = new();
        (uint external, ushort port) = bench.External(Home(1), Tcp, Host, 5000, Web, 80);
        for (ushort i = 0; i < 4; i++)
        {
            bench.Wait(59);
            Assert.NotEqual(0u, bench.In(Tcp, external, port, Dns, (ushort)(1000 + i)));
            bench.Out(Home(1), Tcp, Host, 5000, Dns, (ushort)(1000 + i), TcpFlags.Rst | TcpFlags.Ack);
        }

        bench.Wait(5);
        Assert.Equal(0u, bench.In(Tcp, external, port, Dns, 2000));
        Assert.Equal(DropReason.NoMapping, bench.Refusal);
    }

    [Theory]
    [InlineData(FilteringType.AddressDependent, FilteringType.EndpointIndependent)]
    [InlineData(FilteringType.EndpointIndependent, FilteringType.AddressAndPortDependent)]
    [Requirement("RFC5382-REQ-3a")]
    [Requirement("RFC5382-REQ-3b")]
    public void Tcp_is_filtered_by_its_own_type(FilteringType tcp, FilteringType udp)
    {
        using Bench bench = new(Config(s => s with { FilteringType = udp, TcpFilteringType = tcp }));
        (uint external, ushort port) = bench.External(Home(1), Tcp, Host, 5000);
        Check(bench, tcp == FilteringType.EndpointIndependent, bench.In(Tcp, external, port, Dns, 53));
        (external, port) = bench.External(Home(1), Udp, Host, 5000);
        Check(bench, udp == FilteringType.EndpointIndependent, bench.In(Udp, external, port, Dns, 53));
    }

    [Theory]
    [InlineData(FilteringType.EndpointIndependent, FilteringType.AddressDependent)]
    [InlineData(FilteringType.AddressDependent, FilteringType.EndpointIndependent)]
    [InlineData(FilteringType.AddressAndPortDependent, FilteringType.AddressDependent)]
    [Requirement("RFC4787-REQ-8a")]
    [Requirement("RFC4787-REQ-11")]
    public void Mapping_keeps_the_filtering_that_it_was_made_with(FilteringType before, FilteringType after)
    {
        using Bench bench = new(Config(s => s with { FilteringType = before }));
        (uint external, ushort port) = bench.External(Home(1), Udp, Host, 5000);
        bench.Apply(Config(s => s with { FilteringType = after }));
        bench.External(Home(1), Udp, Host, 5000, Web, 81);
        Check(bench, before == FilteringType.EndpointIndependent, bench.In(Udp, external, port, Dns, 53));
        Check(bench, before != FilteringType.AddressAndPortDependent, bench.In(Udp, external, port, Web, 82));
        (external, port) = bench.External(Home(1), Udp, Host, 6000);
        Check(bench, after == FilteringType.EndpointIndependent, bench.In(Udp, external, port, Dns, 53));
        Check(bench, after != FilteringType.AddressAndPortDependent, bench.In(Udp, external, port, Web, 82));
    }

    [Fact]
    [Requirement("RFC7857-S7-2")]
    public void Filtered_syns_do_not_prolong_a_mapping()
    {
        using Bench bench = new(Config(s => s with
        {
            TcpFilteringType = FilteringType.AddressDependent,
            InboundRefresh = true,
        }));
        (uint external, ushort port) = bench.External(Home(1), Tcp, Host, 5000, Web, 80);
        for (ushort i = 0; i < 4; i++)
        {
            bench.Wait(59);
            Check(bench, false, bench.In(Tcp, external, port, Dns, (ushort)(1000 + i)));
        }

        bench.Wait(5);
        Assert.Equal(0u, bench.In(Tcp, external, port, Web, 80));
        Assert.Equal(DropReason.NoMapping, bench.Refusal);
    }

    private static void Check(Bench bench, bool admitted, uint session)
    {
        Assert.Equal(admitted, session != 0);
        Assert.Equal(admitted ? DropReason.None : DropReason.Filtered, bench.Refusal);
    }
}
