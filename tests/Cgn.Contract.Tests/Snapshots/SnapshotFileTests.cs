using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;

using Xunit;

namespace Cgn.Contract.Tests.Snapshots;

public class SnapshotFileTests
{
    private static readonly ConfigSnapshot s_snapshot = new()
    {
        Generation = 3,
        Name = "gateway",
        Inside = new InterfaceSettings("in0", PortDriver.AfXdp),
        Outside = new InterfaceSettings("out0", PortDriver.Pcap),
        WorkerCpus = [2, 3],
        Settings = new GatewaySettings { Seed = ulong.MaxValue, ShardCount = 2, UdpTimeout = 1234, MssClamp = 1400 },
        AftrAddresses = [new Ipv6PrefixSetting(1, 2, 128)],
        SoftwireSources = [new Ipv6PrefixSetting(3, 0, 40), new Ipv6PrefixSetting(4, 0, 41)],
        Nat444Sources = [new Ipv4PrefixSetting(0x64400000, 10)],
        Pools =
        [
            new PoolSettings("pool", [new Ipv4PrefixSetting(0xCB007100, 28)], 1024, 65535, 512, 1200)
            {
                Match = [new Ipv6PrefixSetting(7, 8, 56)],
                Drain = [new Ipv4PrefixSetting(0xCB007108, 29)],
                DynamicFactor = 2,
                PortsMax = 5040,
            },
        ],
        Plans = [new PlanSettings("plan", ulong.MaxValue, 1, 64, 2000, 200) { BurstMs = 7, Pool = 3 }],
        StaticSubscribers = [new StaticSubscriber(new Ipv6PrefixSetting(5, 6, 96), 65535) { Pool = 0 }],
        InsideDeny = [new AccessRule(new Ipv4PrefixSetting(0x64400900, 24), default)],
        OutsideDeny = [new AccessRule(default, new Ipv4PrefixSetting(0xCB007108, 29))],
        StaticMappings = [new StaticMapping(1, 2, true, 17, 0x0A000001, 53, 0xCB007101, 1053)],
    };

    [Fact]
    public void What_is_written_is_read()
    {
        string path = Path.GetTempFileName();
        try
        {
            SnapshotFile.Write(path, s_snapshot);

            Assert.Equivalent(s_snapshot, SnapshotFile.Read(path), strict: true);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(typeof(GatewaySettings))]
    [InlineData(typeof(PcpSettings))]
    [InlineData(typeof(ProtocolRules))]
    public void Settings_have_no_gaps_so_that_the_same_configuration_is_known_by_its_bytes(Type settings)
    {
        Assert.Equal(Bytes(settings), FieldBytes(settings));
        Assert.Equal(SnapshotFile.Encode(s_snapshot), SnapshotFile.Encode(Dirtied(s_snapshot)));
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        byte[] bytes = SnapshotFile.Encode(s_snapshot);

        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<SnapshotException>(() => SnapshotFile.Decode(bytes.AsSpan(0, length)));
    }

    [Fact]
    public void A_file_with_any_bit_changed_is_refused()
    {
        byte[] bytes = SnapshotFile.Encode(s_snapshot);

        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            byte[] changed = [.. bytes];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<SnapshotException>(() => SnapshotFile.Decode(changed));
        }
    }

    [Fact]
    public void A_refusal_says_what_is_wrong()
    {
        byte[] bytes = SnapshotFile.Encode(s_snapshot);
        byte[] version = [.. bytes];
        version[8] = 99;
        byte[] damaged = [.. bytes];
        damaged[^1] ^= 1;

        Assert.Contains("no configuration snapshot", Refusal(new byte[100]));
        Assert.Contains("version 99", Refusal(version));
        Assert.Contains("checksum", Refusal(damaged));
        Assert.Contains("header says", Refusal([.. bytes.SkipLast(1)]));
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var error = Assert.Throws<SnapshotException>(() => SnapshotFile.Read("/nonexistent/snapshot.bin"));

        Assert.StartsWith("/nonexistent/snapshot.bin: can't be read", error.Message);
    }

    private static string Refusal(byte[] bytes) =>
        Assert.Throws<SnapshotException>(() => SnapshotFile.Decode(bytes)).Message;

    // The same values, put one by one where other bytes were.
    private static ConfigSnapshot Dirtied(ConfigSnapshot snapshot)
    {
        GatewaySettings settings = default;
        MemoryMarshal.AsBytes(new Span<GatewaySettings>(ref settings)).Fill(0xEE);
        object boxed = settings;
        foreach (FieldInfo field in Fields(typeof(GatewaySettings)))
            field.SetValue(boxed, field.GetValue(snapshot.Settings));
        return snapshot with { Settings = (GatewaySettings)boxed };
    }

    private static FieldInfo[] Fields(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    private static int FieldBytes(Type type) => Fields(type).Sum(static field => Bytes(field.FieldType));

    private static int Bytes(Type type) => (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!
        .MakeGenericMethod(type).Invoke(null, null)!;
}
