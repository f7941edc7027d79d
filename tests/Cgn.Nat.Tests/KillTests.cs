using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory;
using Cgn.Memory.Arenas;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;
using Xunit.Abstractions;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>
/// A process that is killed between any two stores: the directory as it is then is given to another one, which must
/// have every change that was committed, nothing of the one under way, and tell the same.
/// </summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private static readonly byte[] s_protocols = [Udp, Udp, Tcp, Tcp, Icmp, Gre];
    private readonly string _directory = Directory.CreateTempSubdirectory("cgn-kill-").FullName;
    private readonly List<ForwarderEvent> _consumed = [];
    private List<string> _committed = [];
    private int _steps;
    private int _kills;
    private int _rebuilt;
    private bool _applies;

    private static bool IsLong => Environment.GetEnvironmentVariable("CGN_LONG") == "1";

    private string Running => Path.Combine(_directory, "running");

    private string Killed => Path.Combine(_directory, "killed");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [Requirement("RFC6888-REQ-8l")]
    public void What_was_committed_is_there_and_told_once_and_what_was_under_way_never_was(ulong seed, bool options)
    {
        Prng chance = new(seed);
        ConfigSnapshot config = Small(options, 31);
        using Arena arena = Arena.InDirectory(Running);
        using Bench bench = new(config, arena);
        Prng draw = new(seed + 100);
        bench.Shard.Journal.Watcher = () =>
        {
            if (!bench.Shard.Journal.IsOpen)
                _committed = StateText.Of(bench);
            _steps++;
            if (IsLong || draw.Below(30) == 0)
                Kill(bench);
        };
        _committed = StateText.Of(bench);
        int operations = IsLong ? 600 : 400;
        for (int i = 0; i < operations; i++)
        {
            Operate(bench, ref chance, i);
            _consumed.AddRange(bench.TakeEvents());
            if (i % 150 != 149)
                continue;
            // The pools change and come back: whoever attaches meanwhile makes all of it fit.
            _applies = true;
            bench.Apply(Small(options, i % 300 == 149 ? (byte)32 : (byte)31));
            _applies = false;
            _consumed.AddRange(bench.TakeEvents());
        }

        Invariants.Check(bench);
        output.WriteLine($"{operations} operations, {_steps} steps, killed at {_kills} of them, {_rebuilt} made anew");
        Assert.True(_kills > 100);
    }

    [Fact]
    public void A_change_that_writes_more_than_the_journal_holds_is_made_anew_from_the_records()
    {
        using (Arena arena = Arena.InDirectory(Running))
        using (Bench bench = new(Small(false, 30), arena))
        {
            bench.External(Home(1), Udp, Host, 5000);
            ulong word = 7;
            for (int i = 0; i <= Journal.Capacity; i++)
                bench.Shard.Journal.Save(ref word);
        }

        using Arena again = Arena.InDirectory(Running);
        using Bench later = new(Small(false, 30), again);
        Assert.False(later.Shard.IsResumed);
        Invariants.Check(later);
        Assert.Equal(1u, later.Shard.SessionCount);
    }

    private static ConfigSnapshot Small(bool options, byte prefix) => Config(
        s => s with
        {
            SubscriberCapacity = 6,
            MappingCapacity = 60,
            SessionCapacity = 90,
            SessionLogging = true,
            DestinationLogging = true,
            HoldDownTimeout = options ? 0u : 300u,
            MappingType = options ? MappingType.AddressDependent : MappingType.EndpointIndependent,
            FilteringType = FilteringType.AddressDependent,
        },
        new PlanSettings("small", 0, 0, 3, 60, 0), prefix, 8, 1024 + 63);

    internal static void Operate(Bench bench, ref Prng chance, int number)
    {
        SubscriberKey key = chance.Below(4) == 0 ? Customer((int)chance.Below(2)) : Home((int)chance.Below(4));
        byte protocol = s_protocols[chance.Below((uint)s_protocols.Length)];
        bool hasPorts = NatProtocol.HasPorts(protocol);
        ushort port = hasPorts ? (ushort)chance.Below(12) : (ushort)0;
        ushort remotePort = hasPorts && protocol != Icmp ? (ushort)80 : (ushort)0;
        uint remote = Web + chance.Below(4);
        TcpFlags flags = chance.Below(5) == 0 ? TcpFlags.Rst : TcpFlags.Syn;
        switch (chance.Below(14))
        {
            case 0:
                bench.Wait(chance.Below(200));
                bench.Sweep();
                break;
            case 1 or 2 or 3:
                bench.In(
                    protocol, Pool + chance.Below(2), (ushort)(1024 + chance.Below(64)), remote, remotePort, flags);
                break;
            case 4:
                ulong low = key.Kind == SubscriberKind.DsLite ? key.Low | 1 : key.Low;
                uint subscriber = bench.Shard.Admit(key, key.High, low, 0, bench.Now, out _);
                if (subscriber != 0)
                    bench.Shard.MakeExplicit(subscriber, Request(port), bench.Now, out _);
                break;
            case 5:
                uint session = bench.Out(key, Tcp, Host, port, remote, 80);
                if (session != 0)
                    bench.Shard.ExpectPair(session, Udp, (ushort)(port & ~1), remote, bench.Now);
                break;
            case 6 when number % 5 == 0:
                bench.Shard.BeginClear(new Ipv6PrefixSetting(key.High, 0, 56));
                bench.Shard.ContinueClear(bench.Now, 1000);
                break;
            default:
                bench.Out(key, protocol, Host + chance.Below(2), port, remote, remotePort, flags);
                break;
        }
    }

    private static ExplicitRequest Request(ushort port) => new()
    {
        Kind = ExplicitKind.Map,
        Protocol = Udp,
        InternalAddress = Host,
        InternalPort = port,
        LifetimeTicks = 100 * Contract.Tick.PerSecond,
    };

    private void Kill(Bench bench)
    {
        _kills++;
        Directory.CreateDirectory(Killed);
        foreach (string file in Directory.EnumerateFiles(Running))
            File.Copy(file, Path.Combine(Killed, Path.GetFileName(file)), overwrite: true);
        using Arena arena = Arena.InDirectory(Killed);
        using Bench later = new(bench.Snapshot, arena, nowNs: bench.NowNs);
        Assert.Equal(!_applies, later.Shard.IsResumed);
        Invariants.Check(later);
        if (_applies)
            _rebuilt++;
        else
            Assert.Equal(_committed, StateText.Of(later));
        CheckTold(later);
    }

    // What was told, once each and without a gap, leads to what is there.
    private void CheckTold(Bench later)
    {
        HashSet<string> there = [];
        ulong sequence = 0;
        foreach (ForwarderEvent told in _consumed.Concat(later.TakeEvents()))
        {
            Assert.Equal(++sequence, told.Sequence);
            bool isChange = StateText.TryName(told, out string name, out bool begins);
            if (isChange)
                Assert.True(begins ? there.Add(name) : there.Remove(name), $"{told.Kind} {name}");
        }

        Assert.Equal(StateText.Told(later).Order(), there.Order());
    }
}
