using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>What is recorded of sessions, where they are logged (RFC 6333 section 11, RFC 6888 REQ-12).</summary>
public sealed class SessionLogTests
{
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    [Requirement("RFC6333-S11-1")]
    [Requirement("RFC6333-A4-1")]
    public void A_binding_is_told_once_with_softwire_protocol_endpoints_and_time(bool softwire, int shards)
    {
        using GatewayBench bench = new(static all => all with { SessionLogging = true }, shards);
        Host host = new(bench, softwire);
        bench.Advance(7);
        long made = bench.Now.UnixMs;
        (string address, ushort port) = host.External(tcp: false, 5000);
        bench.Advance(3);
        Assert.Single(host.Udp(5000, GatewayBench.Server, 9));
        Assert.Single(bench.FromServer(Packets.Udp(GatewayBench.Server, 9, address, port)));
        ForwarderEvent told = Assert.Single(Told(bench), static told => told.Kind == EventKind.SessionOpened);
        Assert.Equal(made, told.UnixMs);
        Assert.Equal((byte)IpProtocol.Udp, told.Protocol);
        Assert.Equal((host.Address, (ushort)5000), (Text(told.InternalAddress), told.InternalPort));
        Assert.Equal((address, port), (Text(told.ExternalAddress), told.ExternalPort));
        Assert.Equal(softwire ? SubscriberKind.DsLite : SubscriberKind.Nat444, told.SubscriberKind);
        // All of the B4's address, not only the part that names the subscriber.
        string tunnel = softwire
            ? new Ipv6Address(told.SubscriberHigh, told.SubscriberLow).ToString()
            : Text((uint)told.SubscriberLow);
        Assert.Equal(softwire ? "2001:db8:100:100::2" : host.Address, tunnel);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [Requirement("RFC6908-S2.3-2")]
    public void Where_a_session_leads_is_told_only_when_asked(bool softwire, bool asked)
    {
        using GatewayBench bench = new(all => asked
            ? all with { SessionLogging = true, DestinationLogging = true }
            : all with { SessionLogging = true });
        Host host = new(bench, softwire);
        Assert.Single(host.Udp(5000, GatewayBench.Server, 9));
        bench.Advance(301);
        List<ForwarderEvent> told = [.. Told(bench).Where(IsOfSession)];
        Assert.Equal([EventKind.SessionOpened, EventKind.SessionClosed], told.Select(static one => one.Kind));
        (string, ushort) expected = asked ? (GatewayBench.Server, (ushort)9) : ("0.0.0.0", (ushort)0);
        Assert.All(told, one => Assert.Equal(expected, (Text(one.RemoteAddress), one.RemotePort)));
    }

    [Fact]
    [Requirement("RFC6908-S2.3-2")]
    public void By_default_no_session_is_told()
    {
        using GatewayBench bench = new();
        Assert.Single(new Host(bench, softwire: true).Udp(5000, GatewayBench.Server, 9));
        Assert.DoesNotContain(Told(bench), IsOfSession);
    }

    private static bool IsOfSession(ForwarderEvent told) =>
        told.Kind is EventKind.SessionOpened or EventKind.SessionClosed;

    private static List<ForwarderEvent> Told(GatewayBench bench)
    {
        List<ForwarderEvent> told = [];
        ForwarderEvent[] events = new ForwarderEvent[64];
        for (int shard = 0; shard < bench.Gateway.ShardCount; shard++)
        {
            for (int count; (count = bench.Gateway.ReadEvents(shard, events)) != 0;)
                told.AddRange(events[..count]);
        }

        return told;
    }

    private static string Text(uint address) => new Ipv4Address(address).ToString();
}
