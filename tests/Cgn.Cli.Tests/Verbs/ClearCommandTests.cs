using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Verbs;
using Cgn.Contract.Commands;
using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
using Cgn.FakeForwarder;
using Cgn.Memory.Arenas;
using Cgn.Memory.Rings;

using Xunit;

namespace Cgn.Cli.Tests.Verbs;

/// <summary><c>cgn clear</c> against command rings that the test empties in the forwarder's place.</summary>
public sealed class ClearCommandTests : IDisposable
{
    private const int Shards = 2;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"cgn-test-{Guid.NewGuid():N}");
    private readonly FakeState _state;
    private readonly Arena _arena;
    private readonly SpscRing<ForwarderCommand>[] _rings = new SpscRing<ForwarderCommand>[Shards];

    public ClearCommandTests()
    {
        var directory = new StateDirectory(_folder);
        var snapshot = new ConfigSnapshot
        {
            Settings = new GatewaySettings { ShardCount = Shards },
            Pools = [new PoolSettings("metro", [new Ipv4PrefixSetting(0xCB007100, 28)], 1024, 65535, 512, 1200)],
            Plans = [new PlanSettings("home", 0, 0, 4, 0, 0)],
        };
        directory.Create();
        SnapshotFile.Write(directory.SnapshotFile, snapshot);
        _state = new FakeState(directory, snapshot);
        _arena = Arena.InDirectory(_folder);
        for (int shard = 0; shard < Shards; shard++)
        {
            _rings[shard] = new SpscRing<ForwarderCommand>(
                _arena.Take(
                    SectionNames.Commands(shard), SpscRing<ForwarderCommand>.BytesFor(ForwarderCommand.RingCapacity)),
                ForwarderCommand.RingCapacity);
        }
    }

    [Theory]
    [InlineData("2001:db8:100:100::/56", 0x2001_0DB8_0100_0100, 0ul, 56)]
    [InlineData("100.64.0.5", 0ul, 0xFFFF_6440_0005, 128)]
    public async Task Every_shard_is_asked_and_the_answer_waits_for_all(string who, ulong high, ulong low, int length)
    {
        _state.Enter(ForwarderState.Ready);
        using var end = new CancellationTokenSource();
        Task<List<ForwarderCommand>> obeyed = Task.Run(() => Obey(end.Token));
        CommandRun run = Clear(who);
        await end.CancelAsync();

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.EndsWith(": cleared\n", run.Output);
        Assert.All(await obeyed, command => Assert.Equal(
            (CommandKind.Clear, new Ipv6PrefixSetting(high, low, (byte)length)), (command.Kind, command.Prefix)));
        Assert.Equal(Shards, (await obeyed).Count);
    }

    [Theory]
    [InlineData("--external 203.0.113.5", 0ul, 0, 0xCB007105u, 0)]
    [InlineData("--protocol udp", 0ul, 0, 0u, 17)]
    [InlineData("--subscriber 100.64.0.5 --external 203.0.113.6 --protocol 47", 0xFFFF_6440_0005, 128, 0xCB007106u, 47)]
    public async Task Mappings_of_a_public_address_or_a_protocol_can_be_ended_alone(
        string arguments, ulong low, int length, uint external, byte protocol)
    {
        _state.Enter(ForwarderState.Ready);
        using var end = new CancellationTokenSource();
        Task<List<ForwarderCommand>> obeyed = Task.Run(() => Obey(end.Token));
        CommandRun run = CommandRun.Of(
            ClearCommand.Create(), [.. arguments.Split(' '), "--state-directory", _folder]);
        await end.CancelAsync();

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.All(await obeyed, command => Assert.Equal(
            (new Ipv6PrefixSetting(0, low, (byte)length), external, protocol),
            (command.Prefix, command.ExternalAddress, command.Protocol)));
        Assert.Equal(Shards, (await obeyed).Count);
    }

    [Theory]
    [InlineData("--external 203.0.113.5:80", "'203.0.113.5:80' is no address of a pool")]
    [InlineData("--external 0.0.0.0", "'0.0.0.0' is no address of a pool")]
    [InlineData("--protocol 0", "'0' is none; tcp, udp, icmp or a number of 1 to 255 would be")]
    [InlineData("--protocol quic", "'quic' is none")]
    [InlineData("", "--subscriber, --external or --protocol is needed")]
    public void What_names_nothing_to_end_is_refused_with_2(string arguments, string message)
    {
        CommandRun run = CommandRun.Of(
            ClearCommand.Create(),
            [.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--state-directory", _folder]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error);
        Assert.Equal(0, _rings[0].Depth);
    }

    [Fact]
    public void Without_a_forwarder_it_is_refused_with_3()
    {
        _state.Enter(ForwarderState.Stopped);
        CommandRun run = Clear("100.64.0.10");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("the forwarder does not run; 'cgn run' starts it", run.Error);
        Assert.Equal(0, _rings[0].Depth);
        Assert.Equal(3, CommandRun.Of(
            ClearCommand.Create(), "--subscriber", "100.64.0.10", "--state-directory", "/nonexistent").ExitCode);
    }

    [Theory]
    [InlineData("100.64.0.6")]
    [InlineData("2001:db8:100:200::/56")]
    public void A_subscriber_that_there_is_not_is_said_not_to_be_there(string who)
    {
        _state.Enter(ForwarderState.Ready);
        CommandRun run = Clear(who);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("has state; there is nothing to clear", run.Error);
        Assert.Equal(0, _rings[0].Depth);
    }

    [Fact]
    public void An_address_that_no_pool_has_is_said_to_be_none()
    {
        _state.Enter(ForwarderState.Ready);
        CommandRun run = CommandRun.Of(
            ClearCommand.Create(), "--external", "198.51.100.9", "--state-directory", _folder);

        Assert.Equal(
            (1, "", "cgn: clear: no pool has 198.51.100.9; there is nothing to clear\n"),
            (run.ExitCode, run.Output, run.Error));
        Assert.Equal(0, _rings[0].Depth);
    }

    [Theory]
    [InlineData("x", "cgn: clear: --subscriber: 'x'")]
    [InlineData("2001:db8::/129", "cgn: clear: --subscriber: ")]
    public void What_names_no_subscriber_is_refused_with_2(string who, string message)
    {
        CommandRun run = Clear(who);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith(message, run.Error);
    }

    public void Dispose()
    {
        _arena.Dispose();
        _state.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private CommandRun Clear(string who) =>
        CommandRun.Of(ClearCommand.Create(), "--subscriber", who, "--state-directory", _folder);

    private List<ForwarderCommand> Obey(CancellationToken end)
    {
        List<ForwarderCommand> all = [];
        var one = new ForwarderCommand[1];
        while (!end.IsCancellationRequested)
        {
            foreach (SpscRing<ForwarderCommand> ring in _rings)
            {
                if (ring.Peek(one) == 0)
                    continue;
                all.Add(one[0]);
                ring.Release(1);
            }

            Thread.Sleep(1);
        }

        return all;
    }
}
