using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

using Cgn.Contract.Settings;

namespace Cgn.Contract.Snapshots;

/// <summary>
/// Reads the body of a snapshot file, whose checksum was right; still, nothing in it is trusted to be as long as it
/// says.
/// </summary>
internal ref struct SnapshotReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    private delegate T ItemReader<T>(ref SnapshotReader from);

    public ConfigSnapshot Snapshot()
    {
        // An initialiser runs in the order in which it is written: the order of the file.
        var snapshot = new ConfigSnapshot
        {
            Generation = UInt32(),
            Name = Text(),
            Inside = Interface(),
            Outside = Interface(),
            WorkerCpus = List(static (ref SnapshotReader from) => (int)from.UInt32()),
            Settings = Settings(),
            AftrAddresses = List(Ipv6Prefix),
            SoftwireSources = List(Ipv6Prefix),
            InnerSources = List(Ipv4Prefix),
            Nat444Sources = List(Ipv4Prefix),
            Pools = List(Pool),
            Plans = List(Plan),
            StaticSubscribers = List(Subscriber),
            StaticMappings = List(Mapping),
            UdpPortTimeouts = List(
                static (ref SnapshotReader from) => new UdpPortTimeout(from.UInt16(), from.UInt32())),
            PassThrough = List(PassThrough),
            PassThroughBindings = List(Binding),
            GatewayPorts = List(static (ref SnapshotReader from) => new GatewayPort(
                (ApplicationGateways)from.Byte(), from.Byte(), from.UInt16())),
            InsideDeny = List(Rule),
            OutsideDeny = List(Rule),
            WalledGarden = Garden(),
        };
        return _rest.IsEmpty ? snapshot : throw new SnapshotException($"has {_rest.Length} bytes too many");
    }

    private static Ipv6PrefixSetting Ipv6Prefix(ref SnapshotReader from) =>
        new(from.UInt64(), from.UInt64(), from.Byte());

    private static Ipv4PrefixSetting Ipv4Prefix(ref SnapshotReader from) => new(from.UInt32(), from.Byte());

    private static PoolSettings Pool(ref SnapshotReader from) => new(
        from.Text(), from.List(Ipv4Prefix), from.UInt16(), from.UInt16(), (int)from.UInt32(), from.UInt32())
    {
        InitialPortSetSize = (int)from.UInt32(),
        PortSetActiveTimeout = from.UInt32(),
        HoldDownMax = from.UInt32(),
        ReservedPorts = from.List(Ports),
        Match = from.List(Ipv6Prefix),
        Drain = from.List(Ipv4Prefix),
        DynamicFactor = (int)from.UInt32(),
        PortsMax = (int)from.UInt32(),
    };

    private static PortRangeSetting Ports(ref SnapshotReader from) => new(from.UInt16(), from.UInt16());

    private static PlanSettings Plan(ref SnapshotReader from) => new(
        from.Text(), from.UInt64(), from.UInt64(), (int)from.UInt32(), from.UInt32(), from.UInt32())
    {
        BurstMs = (int)from.UInt32(),
        PortLimit = from.UInt32(),
        PortQuotaTcp = from.UInt32(),
        PortQuotaUdp = from.UInt32(),
        PortQuotaIcmp = from.UInt32(),
        PortQuotaOther = from.UInt32(),
        MappingLimit = from.UInt32(),
        ConnectionRateBurst = from.UInt32(),
        ReservedPorts = from.List(Ports),
        Pool = (int)from.UInt32(),
        Gateways = (ApplicationGateways)from.Byte(),
        WalledGarden = from.Byte() != 0,
        PortThreshold = from.UInt32(),
        SessionThreshold = from.UInt32(),
    };

    private static StaticSubscriber Subscriber(ref SnapshotReader from) => new(Ipv6Prefix(ref from), from.UInt16())
    {
        Pool = (int)from.UInt32(),
    };

    private static StaticMapping Mapping(ref SnapshotReader from) => new(
        from.UInt64(), from.UInt64(), from.Byte() != 0, from.Byte(),
        from.UInt32(), from.UInt16(), from.UInt32(), from.UInt16());

    private static PassThroughRule PassThrough(ref SnapshotReader from) =>
        new(Ipv4Prefix(ref from), from.Byte(), from.UInt16());

    private static AccessRule Rule(ref SnapshotReader from) => new(Ipv4Prefix(ref from), Ipv4Prefix(ref from));

    private static PassThroughBinding Binding(ref SnapshotReader from) =>
        new(Ipv4Prefix(ref from), from.UInt64(), from.UInt64());

    private InterfaceSettings Interface() => new(Text(), (PortDriver)Byte());

    private WalledGardenSettings Garden() => new()
    {
        Portal = Text(),
        Allow = List(Ipv4Prefix),
        AllowDns = Byte() != 0,
        OriginalUrlKey = Text(),
        AnswersPerSecond = (int)UInt32(),
    };

    private GatewaySettings Settings() =>
        MemoryMarshal.Read<GatewaySettings>(Take(Unsafe.SizeOf<GatewaySettings>()));

    private T[] List<T>(ItemReader<T> read)
    {
        uint count = UInt32();
        // Every item takes a byte at least, so a count beyond the rest is a lie that must not become an allocation.
        if (count > _rest.Length)
            throw CutShort();
        var items = new T[count];
        for (int i = 0; i < items.Length; i++)
            items[i] = read(ref this);
        return items;
    }

    // BinaryWriter puts a text's length in front of it, seven bits a byte, lowest first.
    private string Text()
    {
        uint length = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            byte part = Byte();
            length |= (uint)(part & 0x7F) << shift;
            if (part < 0x80)
                return Encoding.UTF8.GetString(Take((int)Math.Min(length, int.MaxValue)));
        }

        throw CutShort();
    }

    private byte Byte() => Take(1)[0];

    private ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    private uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    private ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
            throw CutShort();
        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private static SnapshotException CutShort() => new("ends in the middle of a setting");
}
