using System.Collections.Generic;

using Cgn.Contract.Settings;
using Cgn.Forwarder.Live;
using Cgn.Nat;
using Cgn.Pipeline;
using Cgn.Testing;

using Xunit;

namespace Cgn.Forwarder.Tests;

public sealed class DeviceMtuTests
{
    private readonly List<string> _notes = [];

    [Theory]
    [InlineData(1500, 1500, 1500, 1500, 1500)]
    [InlineData(9000, 9000, 1540, 1540, 1500)]
    [InlineData(1540, 1400, 1540, 1540, 1400)]
    [InlineData(1000, 1500, 1000, 1280, 1500)]
    [Requirement("RFC1191-S4-1")]
    public void Nothing_larger_leaves_than_the_device_carries_and_softwires_follow(
        int device, int outsideDevice, int inside, int tunnel, int outside)
    {
        GatewaySettings settings = new DeviceMtu(device, outsideDevice).Fit(Snapshot(), _notes).Settings;
        Assert.Equal((inside, tunnel, outside), (settings.InsideMtu, settings.TunnelMtu, settings.OutsideMtu));
    }

    [Fact]
    [Requirement("RFC8513-CFG-03")]
    public void The_mss_that_syns_are_lowered_to_follows_the_device()
    {
        ConfigSnapshot snapshot = new DeviceMtu(1500, 1400).Fit(Snapshot(), _notes);
        PipelineSettings settings = new(snapshot, new PoolTable(snapshot));
        Assert.Equal((1360, 1360), (settings.MssNat444, settings.MssDsLite));
        snapshot = new DeviceMtu(1500, 1500).Fit(Snapshot(), _notes);
        settings = new PipelineSettings(snapshot, new PoolTable(snapshot));
        Assert.Equal((1460, 1420), (settings.MssNat444, settings.MssDsLite));
    }

    [Fact]
    public void An_mtu_that_is_lowered_is_told_with_device_key_and_what_would_help()
    {
        new DeviceMtu(1500, 1500).Fit(Snapshot(), _notes);
        string note = Assert.Single(_notes);
        Assert.StartsWith("in0: its MTU is 1500 and interfaces.inside.mtu says 1540: 1500 is in force", note);
        Assert.Contains("'ip link set in0 mtu 1540'", note);
    }

    [Fact]
    public void A_tunnel_mtu_beyond_the_device_is_told_even_where_the_link_s_own_fits()
    {
        ConfigSnapshot snapshot = Snapshot();
        snapshot = snapshot with { Settings = snapshot.Settings with { InsideMtu = 1500 } };
        new DeviceMtu(1500, 1500).Fit(snapshot, _notes);
        Assert.Contains("ds-lite.tunnel-mtu says 1540", Assert.Single(_notes));
    }

    [Fact]
    public void Devices_are_asked_and_one_that_is_missing_changes_nothing()
    {
        ConfigSnapshot snapshot = Snapshot() with { Outside = new InterfaceSettings("lo", PortDriver.Auto) };
        Assert.Equal(new DeviceMtu(int.MaxValue, 65536), DeviceMtu.Read(snapshot));
        DeviceMtu.Read(snapshot).Fit(snapshot, _notes);
        Assert.Empty(_notes);
    }

    private static ConfigSnapshot Snapshot() => new()
    {
        Inside = new InterfaceSettings("in0", PortDriver.Auto),
        Outside = new InterfaceSettings("out0", PortDriver.Auto),
        AftrAddresses = [new Ipv6PrefixSetting(0x2001_0DB8_FFFF_0000, 1, 128)],
        Settings = new GatewaySettings { InsideMtu = 1540, TunnelMtu = 1540, OutsideMtu = 1500 },
    };
}
