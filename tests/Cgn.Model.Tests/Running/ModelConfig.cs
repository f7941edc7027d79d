using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Settings;

namespace Cgn.Model.Tests.Running;

/// <summary>A configuration by small numbers.</summary>
internal sealed record ModelConfig(int[] Values)
{
    public const ulong AftrHigh = 0x2001_0DB8_FFFF_0000;
    public const ulong B4High = 0x2001_0DB8_0100_0000;
    public const uint Customer = 0x6440_0000;
    public const uint Pool = 0xCB00_7100;

    public static readonly int SettingCount = Enum.GetValues<Setting>().Length;

    private static readonly Dictionary<Setting, (int OneIn, int[] Choices)> s_choices = new()
    {
        [Setting.Access] = (1, [0, 1, 2]),
        [Setting.Shards] = (2, [1, 2, 3, 4]),
        [Setting.Filtering] = (2, [0, 1, 2]),
        [Setting.Mapping] = (3, [0, 1, 2]),
        [Setting.NoHairpin] = (10, [0, 1]),
        [Setting.Preserve] = (4, [0, 1]),
        [Setting.InboundRefresh] = (4, [0, 1]),
        [Setting.InsideMtu] = (3, [1540, 1500, 1280, 1400]),
        [Setting.OutsideMtu] = (3, [1500, 1400, 576, 1280]),
        [Setting.TunnelMtu] = (2, [1540, 1500, 1280, 1400]),
        [Setting.TrafficClass] = (4, [-1, 0, 10]),
        [Setting.IgnoreDf] = (3, [0, 1]),
        [Setting.Mss] = (3, [-1, 0, 1000]),
        [Setting.DropOthers] = (6, [0, 1]),
        [Setting.HoldDown] = (3, [1200, 0, 50]),
        [Setting.BlockSize] = (1, [512, 4, 1, 16]),
        [Setting.BlockTimeout] = (2, [1200, 0, 30]),
        [Setting.Addresses] = (1, [28, 32, 31]),
        [Setting.LastPort] = (2, [65535, 2047, 1151, 1055]),
        [Setting.MaxBlocks] = (2, [8, 1, 2]),
        [Setting.ConnectionLimit] = (4, [0, 3, 10]),
        [Setting.SetupRate] = (6, [0, 3, 20]),
        [Setting.SessionsPerMapping] = (6, [65535, 1, 3]),
        [Setting.MappingCapacity] = (8, [256, 4, 12]),
        [Setting.SessionCapacity] = (8, [512, 4, 16]),
        [Setting.SubscriberCapacity] = (10, [64, 1, 3]),
        [Setting.Mask] = (4, [56, 64, 128, 48]),
        [Setting.Statics] = (3, [0, 1]),
        [Setting.Lazy] = (2, [0, 1]),
        [Setting.Timers] = (2, [0, 1, 2]),
        [Setting.Unpaired] = (5, [0, 1]),
        [Setting.Refused] = (40, [0, 1]),
        [Setting.TcpFiltering] = (3, [-1, 0, 1, 2]),
        [Setting.UnsolicitedSyn] = (2, [0, 1, 2]),
        [Setting.PortLimit] = (8, [0, 2, 6]),
        [Setting.UdpQuota] = (8, [0, 1, 3]),
        [Setting.MappingLimit] = (8, [0, 2, 5]),
        [Setting.InnerFragments] = (4, [0, 1]),
        [Setting.PortTimer] = (4, [0, 30, 5000]),
        [Setting.PoolReserve] = (6, [0, 1030, 1040]),
        [Setting.PlanReserve] = (6, [0, 1028, 1044]),
        [Setting.Seed] = (1, [1, 2, 3, 4, 5, 6, 7]),
    };

    /// <summary>With one shard time may jump without the gateway taking a turn.</summary>
    public bool IsLazy => this[Setting.Lazy] == 1 && Shards == 1;

    public int Shards => this[Setting.Shards];

    public bool HasDsLite => this[Setting.Access] != 2;

    public bool HasNat444 => this[Setting.Access] != 1;

    /// <summary>What a setting stands for.</summary>
    public int this[Setting setting]
    {
        get
        {
            int[] choices = s_choices[setting].Choices;
            return choices[Values[(int)setting] % choices.Length];
        }
    }

    public static int OneIn(Setting setting) => s_choices[setting].OneIn;

    public static int Choices(Setting setting) => s_choices[setting].Choices.Length;

    public static ModelConfig Parse(string line)
    {
        int[] values = new int[SettingCount];
        foreach (string[] pair in line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => w.Split('=')))
            values[(int)Enum.Parse<Setting>(pair[0], ignoreCase: true)] = int.Parse(pair[1]);
        return new ModelConfig(values);
    }

    public ModelConfig With(Setting setting, int value)
    {
        int[] values = (int[])Values.Clone();
        values[(int)setting] = value;
        return new ModelConfig(values);
    }

    public ConfigSnapshot Snapshot() => new()
    {
        Settings = Settings(),
        AftrAddresses = [new(AftrHigh, 1, 128), new(AftrHigh, 2, 128)],
        SoftwireSources = HasDsLite ? [new(B4High, 0, 40)] : [],
        Nat444Sources = HasNat444 ? [new(Customer, 10)] : [],
        Pools =
        [
            new PoolSettings(
                "model", [new(Pool, (byte)this[Setting.Addresses])], 1024, (ushort)this[Setting.LastPort],
                this[Setting.BlockSize], (uint)this[Setting.BlockTimeout])
            {
                ReservedPorts = Reserved(this[Setting.PoolReserve]),
            },
        ],
        Plans =
        [
            new PlanSettings(
                "model", 0, 0, this[Setting.MaxBlocks], (uint)this[Setting.ConnectionLimit],
                (uint)this[Setting.SetupRate])
            {
                PortLimit = (uint)this[Setting.PortLimit],
                PortQuotaUdp = (uint)this[Setting.UdpQuota],
                MappingLimit = (uint)this[Setting.MappingLimit],
                ReservedPorts = Reserved(this[Setting.PlanReserve]),
            },
        ],
        UdpPortTimeouts = this[Setting.PortTimer] == 0 ? [] : [new UdpPortTimeout(53, (uint)this[Setting.PortTimer])],
        StaticMappings = this[Setting.Statics] == 0 ? [] : Statics().ToArray(),
    };

    public override string ToString() => string.Join(' ', Enum.GetValues<Setting>()
        .Where(setting => Values[(int)setting] != 0)
        .Select(setting => $"{setting}={Values[(int)setting]}")).ToLowerInvariant();

    private static PortRangeSetting[] Reserved(int first) =>
        first == 0 ? [] : [new PortRangeSetting((ushort)first, (ushort)(first + 2))];

    private IEnumerable<StaticMapping> Statics()
    {
        if (HasNat444)
            yield return new StaticMapping(0, Customer + 11, false, 6, Customer + 11, 80, Pool, 80);
        if (HasDsLite)
        {
            ulong mask = this[Setting.Mask] >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - this[Setting.Mask]);
            ulong low = this[Setting.Mask] == 128 ? 2UL : 0;
            yield return new StaticMapping(B4High & mask, low, true, 17, 0x0A000001, 4000, Pool, 1029);
        }
    }

    private GatewaySettings Settings() => new()
    {
        Seed = (ulong)this[Setting.Seed],
        ShardCount = Shards,
        SubscriberCapacity = (uint)this[Setting.SubscriberCapacity],
        MappingCapacity = (uint)this[Setting.MappingCapacity],
        SessionCapacity = (uint)this[Setting.SessionCapacity],
        InsideMtu = this[Setting.InsideMtu],
        OutsideMtu = this[Setting.OutsideMtu],
        TunnelMtu = this[Setting.TunnelMtu],
        SubscriberMaskV6 = this[Setting.Mask],
        TrafficClass = this[Setting.TrafficClass],
        DfPolicy = (DfPolicy)this[Setting.IgnoreDf],
        Fragmentation = (FragmentationMode)this[Setting.InnerFragments],
        MappingType = (MappingType)this[Setting.Mapping],
        FilteringType = (FilteringType)this[Setting.Filtering],
        Paired = this[Setting.Unpaired] == 0,
        Hairpinning = this[Setting.NoHairpin] == 0,
        PortPreservation = this[Setting.Preserve] == 1,
        MssClamp = this[Setting.Mss],
        OtherProtocols = (OtherProtocols)this[Setting.DropOthers],
        InboundRefresh = this[Setting.InboundRefresh] == 1,
        TcpFilteringType = this[Setting.TcpFiltering] < 0 ? null : (FilteringType)this[Setting.TcpFiltering],
        UnsolicitedSyn = (UnsolicitedSyn)this[Setting.UnsolicitedSyn],
        UdpTimeout = Timer(3000, 1200, 60),
        AddressOnlyTimeout = Timer(3000, 1200, 70),
        DccpIdleTimeout = Timer(74400, 72000, 110),
        DccpTransTimeout = Timer(2400, 300, 40),
        TcpRstTimeout = Timer(2400, 1200, 25),
        TcpIdleTimeout = Timer(74400, 72000, 100),
        TcpTransOpenTimeout = Timer(2400, 300, 20),
        TcpTransCloseTimeout = Timer(2400, 1200, 30),
        IcmpTimeout = Timer(600, 600, 20),
        FragmentTimeout = Timer(20, 50, 10),
        HoldDownTimeout = (uint)this[Setting.HoldDown],
        DefaultPlan = this[Setting.Refused] == 1 ? -1 : 0,
        IcmpErrorsPerSecond = 1_000_000,
        Icmpv6ErrorsPerSecond = 1_000_000,
        SessionsPerMapping = this[Setting.SessionsPerMapping],
    };

    private uint Timer(params uint[] choices) => choices[this[Setting.Timers]];
}
