using System;
using System.Collections.Generic;
using System.IO;

using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting.Events;
using Cgn.Control.State;
using Cgn.Control.Tests.Configuration;
using Cgn.FakeForwarder;
using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Hosting;

/// <summary>What the operator hears of the gateway as a whole, of pools and of single addresses.</summary>
public sealed class UsageWatchTests : IDisposable
{
    // Four addresses of 1,024 ports; .5 and .6 have a block of 512 each from the start.
    private const uint First = 0xCB007104;
    private const byte Tcp = 6;
    private const byte Udp = 17;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"cgn-test-{Guid.NewGuid():N}");
    private readonly UsageWatch _watch = new();
    private FakeState? _state;
    private StateView? _view;

    [Fact]
    [Requirement("RFC8512-CFG-14")]
    [Requirement("RFC7659-ST-13")]
    public void A_pool_is_told_of_with_the_protocol_that_most_mappings_are_of_and_when_it_empties_again()
    {
        GatewayOptions options = Start(
            pool: "notify-pool-usage: { low-threshold: 30, high-threshold: 50, notify-interval: 20s }");
        Assert.Empty(Look(options, 0));
        _state!.Put(3, First, 1024, 2047, tcp: 700, udp: 20);
        Assert.Empty(Look(options, 19));
        ForwarderEvent high = Assert.Single(Look(options, 20));
        Assert.Equal(
            (EventKind.ThresholdCrossed, WatchedResource.PoolPorts, 2048u, 4096u, Tcp),
            (high.Kind, high.Resource, high.Level, high.Capacity, high.Protocol));
        Assert.Equal((ForwarderEvent.WholeGateway, 1_700_000_000_000), (high.Shard, high.UnixMs));
        Assert.Equal(
            "the gateway has 50 % of its ports of pool one in use: 2048 of 4096, most of them for tcp",
            ThresholdText.Of(high, _view!.Snapshot));
        _state.Put(3, First, 1024, 2047, taken: true);
        ForwarderEvent low = Assert.Single(Look(options, 40));
        Assert.Equal((EventKind.ThresholdLow, 1024u), (low.Kind, low.Level));
        Assert.Contains("has only 25 %", ThresholdText.Of(low, _view.Snapshot));
    }

    [Fact]
    [Requirement("RFC8512-CFG-17")]
    [Requirement("RFC7659-ST-14")]
    public void Addresses_and_ports_of_all_pools_are_told_of_once_an_interval()
    {
        GatewayOptions options = Start("addresses: 75, ports: 50, instance-notify-interval: 10s");
        Assert.Empty(Look(options, 0));
        _state!.Put(3, First, 1024, 2047);
        Assert.Empty(Look(options, 9));
        List<ForwarderEvent> told = Look(options, 10);
        Assert.Equal(
            [(WatchedResource.Addresses, 3u, 4u), (WatchedResource.Ports, 2048u, 4096u)],
            told.ConvertAll(one => (one.Resource, one.Level, one.Capacity)));
        Assert.Empty(Look(options, 20));
    }

    [Fact]
    [Requirement("RFC7870-ST-28")]
    public void Softwires_are_told_of_in_percent_of_the_subscribers_that_fit()
    {
        GatewayOptions options = Start();
        _state!.Counters(0)[CounterId.Softwires] = 59;
        Assert.Empty(Look(options, 0));
        _state.Counters(0)[CounterId.Softwires] = 60;
        ForwarderEvent told = Assert.Single(Look(options, 1));
        Assert.Equal((WatchedResource.Softwires, 60u, 100u), (told.Resource, told.Level, told.Capacity));
        Assert.Equal(
            "the gateway has 60 % of its softwires in use: 60 of 100", ThresholdText.Of(told, _view!.Snapshot));
    }

    [Fact]
    [Requirement("RFC7870-ST-29")]
    public void Each_address_is_told_of_by_the_protocol_that_uses_most_of_its_ports()
    {
        GatewayOptions options = Start("address-ports: 90");
        Assert.Empty(Look(options, 0));
        _state!.Put(3, First, 1024, 1535, tcp: 300, udp: 500);
        _state.Put(4, First, 1536, 2047, tcp: 100, udp: 422);
        _state.Put(5, First + 3, 1024, 2047, tcp: 921);
        ForwarderEvent told = Assert.Single(Look(options, 10));
        Assert.Equal(
            (WatchedResource.AddressPorts, First, 922u, 1024u, Udp),
            (told.Resource, told.ExternalAddress, told.Level, told.Capacity, told.Protocol));
        Assert.Equal(
            "external address 203.0.113.4 has 90 % of its ports in use: 922 of 1024, most of them for udp",
            ThresholdText.Of(told, _view!.Snapshot));
        _state.Put(5, First + 3, 1024, 2047, tcp: 922);
        Assert.Equal(First + 3, Assert.Single(Look(options, 20)).ExternalAddress);
    }

    public void Dispose()
    {
        _view?.Dispose();
        _state?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private GatewayOptions Start(string thresholds = "", string pool = "drain: false")
    {
        string yaml = ConfigText.Small.Replace(
            "external-ip-pool: [203.0.113.0/28]",
            $"external-ip-pool: [203.0.113.4/30], port-range: 1024-2047, {pool}")
            .Replace("seed: 7", "seed: 7, capacity: { subscribers: 100 }") + $"thresholds: {{ {thresholds} }}\n";
        var directory = new StateDirectory(_folder);
        directory.Create();
        ConfigSnapshot snapshot = ConfigText.Snapshot(yaml);
        SnapshotFile.Write(directory.SnapshotFile, snapshot);
        _state = new FakeState(directory, snapshot);
        _view = StateView.Open(directory);
        return ConfigText.Options(yaml);
    }

    private List<ForwarderEvent> Look(GatewayOptions options, double seconds) =>
        _watch.Look(_view!, options, (long)(seconds * 1000), 1_700_000_000_000);
}
