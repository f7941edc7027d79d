using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
using Cgn.Fuzz.Targets;
using Cgn.Fuzz.Targets.Mixtures;
using Cgn.Testing;
using Cgn.Wire.Tests;
using Cgn.Wire.Tests.Fuzz;

namespace Cgn.Fuzz;

/// <summary>Every target there is. What parses bytes from outside belongs here.</summary>
public static class FuzzTargets
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyDictionary<string, FuzzTarget> All { get; } = new[]
    {
        new FuzzTarget("wire", Frames(), 20_000, () => input => WireFuzzTarget.Walk(input)),
        new FuzzTarget(
            "gateway", GatewayTarget.Seeds([.. Frames(), .. Transports()]), 300_000, () => new GatewayTarget().Fuzz),
        new FuzzTarget("applications", ApplicationTarget.Seeds(), 30_000, () => new ApplicationTarget().Fuzz),
        new FuzzTarget("mixture", MixtureTarget.Seeds(), 50, () => MixtureTarget.Fuzz),
        new FuzzTarget(
            "settings", MixtureTarget.Seeds(), 300, () => new SettingsTarget(Configurations()).Fuzz),
        new FuzzTarget("config", Configurations(), 1_500, () => ConfigTarget.Fuzz),
        new FuzzTarget("radius", RadiusTarget.Seeds(), 50_000, () => new RadiusTarget().Fuzz),
        new FuzzTarget("snapshot", [SnapshotFile.Encode(new ConfigSnapshot())], 20_000, () => SnapshotTarget.Fuzz),
    }.ToDictionary(target => target.Name);

    private static byte[][] Frames() => [.. Golden.Frames().Select(golden => golden.Frame)];

    // What goes other ways than TCP, UDP and ICMP do, and what the gateway itself answers.
    private static IEnumerable<byte[]> Transports()
    {
        const string Server = "198.51.100.1";
        foreach (string host in new[] { "10.0.0.1", "100.64.0.1" })
        {
            byte[][] packets =
            [
                TransportPackets.UdpLite(host, 5000, Server, 53),
                TransportPackets.Dccp(host, 5000, Server, 5001, type: 0),
                TransportPackets.Pptp(host, Server, 900),
                TransportPackets.Bare(host, Server, 50),
                TransportPackets.Bare(host, Server, 41),
                PcpPackets.Datagram(
                    host, 7000, "192.0.0.1", 5351, PcpPackets.Request(host, PcpPackets.Map, options: [2, 0, 0, 0])),
                PcpPackets.Datagram(
                    host, 7000, "192.0.0.1", 5351, PcpPackets.Request(host, PcpPackets.Peer, remote: Server)),
            ];
            foreach (byte[] packet in packets)
            {
                yield return Packets.Ethernet(packet);
                yield return Packets.Ethernet(Packets.Softwire("2001:db8:1::1", "2001:db8:ffff::1", packet));
            }
        }
    }

    private static byte[][] Configurations()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Cgn.sln")))
            at = at.Parent;
        if (at is null)
            throw new InvalidOperationException("The seeds lie in configs; there is no checkout above this program.");
        string configs = Path.Combine(at.FullName, "configs");
        return [.. Directory.EnumerateFiles(configs, "*.yaml").Order().Select(File.ReadAllBytes)];
    }
}
