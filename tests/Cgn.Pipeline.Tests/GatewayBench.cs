using System;
using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Contract.Settings;
using Cgn.Forwarder;
using Cgn.Memory.Arenas;
using Cgn.Memory.Frames;
using Cgn.Testing;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>A gateway on the test bench: packets go in by value, packets come out by value, and every frame is
/// accounted for at the end.</summary>
public sealed class GatewayBench : IDisposable
{
    public const string Aftr = "2001:db8:ffff::1";
    public const string B4 = "2001:db8:100:100::2";
    public const string OtherB4 = "2001:db8:100:200::2";
    public const string Customer = "100.64.0.10";
    public const string Server = "198.51.100.1";

    private readonly byte[] _buffer = new byte[131072];
    private long _nowNs;

    public GatewayBench(
        Func<GatewaySettings, GatewaySettings>? settings = null, int shards = 1,
        Func<PlanSettings, PlanSettings>? plan = null, Func<ConfigSnapshot, ConfigSnapshot>? snapshot = null,
        string? stateDirectory = null, double atSeconds = 1)
    {
        _nowNs = (long)(atSeconds * 1e9);
        GatewaySettings all = new()
        {
            ShardCount = shards,
            SubscriberCapacity = 1000,
            MappingCapacity = 20000,
            SessionCapacity = 20000,
            DefaultPlan = 0,
        };
        PlanSettings home = new("home", 0, 0, 8, 0, 0);
        ConfigSnapshot plain = new()
        {
            Settings = settings?.Invoke(all) ?? all,
            AftrAddresses = [Prefix6(Aftr, 128)],
            SoftwireSources = [Prefix6("2001:db8:100::", 40)],
            Nat444Sources = [new Ipv4PrefixSetting(0x64400000, 10)],
            Pools = [new PoolSettings("metro", [new Ipv4PrefixSetting(0xCB007100, 28)], 1024, 65535, 512, 1200)],
            Plans = [plan?.Invoke(home) ?? home],
        };
        Snapshot = snapshot?.Invoke(plain) ?? plain;
        Gateway = new SimulatedGateway(
            Snapshot, arena: stateDirectory is null ? null : Arena.InDirectory(stateDirectory), now: Now);
    }

    public ConfigSnapshot Snapshot { get; }

    public SimulatedGateway Gateway { get; }

    public WorkerTime Now => new(_nowNs, 1_700_000_000_000 + (_nowNs / 1_000_000));

    public void Advance(double seconds)
    {
        _nowNs += (long)(seconds * 1e9);
        Gateway.Run(Now);
    }

    /// <summary>Sends an IPv4 packet through a B4's softwire; returns what left outside.</summary>
    public List<byte[]> FromB4(byte[] inner, string b4 = B4, byte trafficClass = 0, bool limit = false,
        int worker = 0) =>
        FromInside(Packets.Ethernet(Packets.Softwire(b4, Aftr, inner, trafficClass, limit)), worker);

    public List<byte[]> FromInside(byte[] frame, int worker = 0)
    {
        Assert.True(Gateway.Inject(FramePort.Inside, frame, worker));
        Gateway.Run(Now);
        return Collect(FramePort.Outside);
    }

    /// <summary>Sends an IPv4 packet from the Internet; returns what left inside.</summary>
    public List<byte[]> FromServer(byte[] packet, int worker = 0) => FromOutside(Packets.Ethernet(packet), worker);

    public List<byte[]> FromOutside(byte[] frame, int worker = 0)
    {
        Assert.True(Gateway.Inject(FramePort.Outside, frame, worker));
        Gateway.Run(Now);
        return Collect(FramePort.Inside);
    }

    public List<byte[]> Collect(byte side)
    {
        List<byte[]> frames = [];
        while (Gateway.TryCollect(side, _buffer, out int length))
        {
            frames.Add(_buffer.AsSpan(0, length).ToArray());
            if (side == FramePort.Outside)
                OutsideRule.Check(frames[^1], Gateway.Worker(0).State.Settings.Snapshot);
        }

        return frames;
    }

    public void Dispose()
    {
        Assert.Equal(0, Gateway.Unaccounted);
        _ = Collect(FramePort.Inside);
        _ = Collect(FramePort.Outside);
        Assert.Equal(0, Gateway.LeakedChunks);
        Gateway.Dispose();
    }

    private static Ipv6PrefixSetting Prefix6(string address, byte length)
    {
        Wire.Ipv6Address parsed = Wire.Ipv6Address.Parse(address);
        return new Ipv6PrefixSetting(parsed.High, parsed.Low, length);
    }
}
