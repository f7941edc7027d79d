using System;
using System.IO;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Arenas;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>What the shard keeps for application gateways.</summary>
public sealed class GatewayTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("cgn-alg-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    [Requirement("ALG-FTP-1")]
    public void Connections_that_are_read_and_remotes_that_are_expected_survive_the_process()
    {
        long stopped;
        (uint Address, ushort Port) pinhole;
        using (Arena arena = Arena.InDirectory(_directory))
        using (Bench bench = new(WithFtp(), arena))
        {
            uint session = bench.Out(Home(1), Tcp, Host, 4000, Web, 21);
            bench.Shard.Gateway(session).Outbound.Shift = 7;
            ref readonly MappingRecord m = ref bench.Shard.Mapping(
                bench.Shard.Expect(session, Tcp, 5000, Web, bench.Now));
            pinhole = (m.ExternalAddress, m.ExternalPort);
            Invariants.Check(bench);
            stopped = bench.NowNs;
        }

        using Arena again = Arena.InDirectory(_directory);
        using Bench later = new(WithFtp(), again, nowNs: stopped);
        Invariants.Check(later);
        uint found = later.Out(Home(1), Tcp, Host, 4000, Web, 21);
        Assert.Equal(7u, later.Shard.Gateway(found).Outbound.Shift);
        Assert.Equal(1u, later.Shard.GatewayCount);
        Assert.NotEqual(0u, later.In(Tcp, pinhole.Address, pinhole.Port, Web, 20));
        Assert.Equal(0u, later.In(Tcp, pinhole.Address, pinhole.Port, Dns, 20));
        Assert.Equal(DropReason.Filtered, later.Refusal);
    }

    [Fact]
    [Requirement("RFC4787-REQ-4")]
    public void Two_ports_that_belong_together_stay_together_outside()
    {
        using Bench bench = new(WithFtp());
        uint session = bench.Out(Home(1), Tcp, Host, 4000, Web, 21);
        for (ushort port = 6000; port < 6020; port += 2)
        {
            ref readonly MappingRecord first = ref bench.Shard.Mapping(
                bench.Shard.ExpectPair(session, Udp, port, 0, bench.Now));
            ref readonly MappingRecord second = ref bench.Shard.Mapping(
                bench.Shard.FindMapping(first.ExternalAddress, (ushort)(first.ExternalPort + 1), Udp));
            Assert.Equal((0, port + 1), (first.ExternalPort & 1, second.InternalPort));
        }
    }

    [Fact]
    [Requirement("ALG-FTP-1")]
    public void What_nobody_uses_ends_with_its_mapping()
    {
        using Bench bench = new(WithFtp());
        uint session = bench.Out(Home(1), Tcp, Host, 4000, Web, 21);
        Assert.NotEqual(0u, bench.Shard.Expect(session, Tcp, 5000, Web, bench.Now));
        Assert.Equal(2u, bench.Shard.SessionCount);
        bench.Wait(121);
        bench.Sweep();
        Invariants.Check(bench);
        Assert.Equal(1u, bench.Shard.SessionCount);
    }

    private static ConfigSnapshot WithFtp() => Config(
        static settings => settings with { FilteringType = FilteringType.AddressAndPortDependent },
        new PlanSettings("home", 0, 0, 4, 0, 0) { Gateways = ApplicationGateways.Ftp }) with
    {
        GatewayPorts = [new GatewayPort(ApplicationGateways.Ftp, (byte)IpProtocol.Tcp, 21)],
    };
}
