using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Memory;
using Cgn.Memory.Arenas;
using Cgn.Wire;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>What a shard has left in its files, to be written with some of it changed.</summary>
internal sealed class DamagedState : IDisposable
{
    // Layout, shard, shards, seed and mask: another one is refused, with a sentence.
    private const int HeaderFixedBytes = 40;

    private readonly string _directory = Directory.CreateTempSubdirectory("cgn-damage-").FullName;
    private readonly Dictionary<string, byte[]> _sound = [];
    private readonly Dictionary<string, byte[]> _files = [];
    private readonly long _stopped;

    internal DamagedState(ConfigSnapshot config, ulong seed)
    {
        Config = config;
        Prng chance = new(seed);
        using (Arena arena = Arena.InDirectory(_directory))
        using (Bench bench = new(config, arena))
        {
            for (int i = 0; i < 300; i++)
            {
                KillTests.Operate(bench, ref chance, i);
                if (i % 10 == 0)
                    bench.Out(Home(i % 4), Tcp, Host, (ushort)(4000 + i), Web, 21);
                if (i % 50 == 0)
                    bench.TakeEvents();
            }

            for (ushort i = 0; i < 4; i++)
            {
                bench.Out(Home(i), Udp, Host, (ushort)(7000 + i), Web, 53);
                Granted.Grant(bench, Home(i), i, Granted.Policy("home"));
            }

            bench.TakeEvents();
            Sessions = bench.Shard.SessionCount;
            Text = StateText.Of(bench);
            _stopped = bench.NowNs;
        }

        foreach (string file in Directory.EnumerateFiles(_directory))
            _sound[Path.GetFileNameWithoutExtension(file)] = File.ReadAllBytes(file);
        Restore();
    }

    internal ConfigSnapshot Config { get; }

    /// <summary>Sessions that there were.</summary>
    internal uint Sessions { get; }

    /// <summary>All that there was.</summary>
    internal List<string> Text { get; }

    internal byte[] this[string section] => _files[section];

    /// <summary>Everything as it was left.</summary>
    internal void Restore()
    {
        foreach ((string name, byte[] bytes) in _sound)
            _files[name] = [.. bytes];
    }

    /// <summary>Changes something somewhere, at random.</summary>
    internal void Damage(ref Prng chance)
    {
        string[] names = [.. _files.Keys.Order()];
        string name = names[chance.Below((uint)names.Length)];
        byte[] file = _files[name];
        int used = Math.Max(64, Array.FindLastIndex(file, static b => b != 0) + 1);
        int from = name.EndsWith("header", StringComparison.Ordinal) ? HeaderFixedBytes : 0;
        int at = from + (int)chance.Below((uint)(Math.Min(used + 64, file.Length) - from));
        switch (chance.Below(8))
        {
            case 0 or 1:
                file[at] ^= (byte)(1 << (int)chance.Below(8));
                break;
            case 2:
                file[at] = (byte)chance.Next();
                break;
            case 3:
                BitConverter.TryWriteBytes(Word(file, at), (uint)chance.Next());
                break;
            case 4:
                BitConverter.TryWriteBytes(Word(file, at), chance.Below(100));
                break;
            case 5:
                BitConverter.TryWriteBytes(Word(file, at), uint.MaxValue);
                break;
            case 6:
                Fill(file.AsSpan(at, Math.Min(64, file.Length - at)), ref chance);
                break;
            default:
                // One record over another.
                int other = from + (int)chance.Below((uint)(used - from));
                int length = Math.Min(64, file.Length - Math.Max(at & ~63, other & ~63));
                if ((other & ~63) >= from && (at & ~63) >= from)
                    file.AsSpan(other & ~63, length).CopyTo(file.AsSpan(at & ~63));
                break;
        }
    }

    internal static void Fill(Span<byte> bytes, ref Prng chance)
    {
        foreach (ref byte b in bytes)
            b = (byte)chance.Next();
    }

    /// <summary>Attaches to what there is now.</summary>
    internal Bench Attach(Arena arena, bool isSuspect = true) =>
        new(Config, arena, nowNs: _stopped, isSuspect: isSuspect);

    internal Arena Open()
    {
        foreach ((string name, byte[] bytes) in _files)
            File.WriteAllBytes(Arena.PathOf(_directory, name), bytes);
        return Arena.InDirectory(_directory);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>Few records of each kind that there is.</summary>
    internal static ConfigSnapshot Mixed(bool options) => Bench.Config(
        s => s with
        {
            SubscriberCapacity = 20,
            MappingCapacity = 200,
            SessionCapacity = 300,
            SessionLogging = true,
            HoldDownTimeout = 300,
            MappingType = options ? MappingType.AddressDependent : MappingType.EndpointIndependent,
            FilteringType = FilteringType.AddressDependent,
        },
        new PlanSettings("home", 0, 0, 8, 0, 0) { Gateways = ApplicationGateways.Ftp },
        prefix: 30,
        blockSize: 16,
        lastPort: 1024 + 255,
        statics: [new StaticMapping(Home(1).High, 0, true, Tcp, Host, 25, Pool + 3, 1100)]) with
    {
        GatewayPorts = [new GatewayPort(ApplicationGateways.Ftp, (byte)IpProtocol.Tcp, 21)],
    };

    /// <summary>The same with ports that follow from the subscriber.</summary>
    internal static ConfigSnapshot Computed()
    {
        ConfigSnapshot mixed = Mixed(false);
        return mixed with
        {
            Settings = mixed.Settings with { PortAllocation = PortAllocationType.Deterministic },
            Pools = [mixed.Pools[0] with { DynamicFactor = 2 }],
            StaticMappings = [],
            SoftwireSources = [new Ipv6PrefixSetting(Home(0).High, 0, 53)],
        };
    }

    private static Span<byte> Word(byte[] file, int at) => file.AsSpan(Math.Min(at & ~3, file.Length - 4), 4);
}
