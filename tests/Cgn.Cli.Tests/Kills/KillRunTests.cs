using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Records;
using Cgn.Control.State;
using Cgn.Testing;

using Xunit;
using Xunit.Abstractions;

namespace Cgn.Cli.Tests.Kills;

/// <summary>The real processes, killed at moments that nobody chose, while a customer talks.</summary>
[Collection(nameof(KillLab))]
public sealed class KillRunTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly List<double> _silences = [];
    private long _sent;
    private long _lost;

    private static int Rounds => Environment.GetEnvironmentVariable("CGN_LONG") == "1" ? 1000 : 12;

    [SkippableFact]
    [Requirement("RFC6888-REQ-8l")]
    public async Task Whoever_is_killed_comes_back_with_every_mapping_and_the_log_has_each_event_once()
    {
        await using KillLab lab = await KillLab.StartedAsync();
        using KillTraffic traffic = new(lab);
        lab.Talk(() => Talk(lab, traffic));
        string[] blocks = Blocks(lab);
        await lab.StopAsync();
        CheckLog(lab, blocks);
        Assert.Equal(0, Unaccounted(lab));
        _silences.Sort();
        output.WriteLine(
            $"{Rounds} kills of each process, {traffic.Opened} sessions; only the control plane killed: {_sent} sent, "
            + $"{_lost} lost; forwarder killed: silence of {_silences[_silences.Count / 2]:F0} ms in the middle, "
            + $"{_silences[^1]:F0} ms at most");
    }

    // Nothing in here may leave the customer's thread, so whatever waits is waited for.
    private void Talk(KillLab lab, KillTraffic traffic)
    {
        Random chance = new(1);
        string driver = lab.Driver;
        for (int i = 0; i < 20; i++)
            traffic.Open();
        for (int round = 0; round < Rounds; round++)
        {
            traffic.Open();
            KillForwarder(lab, traffic, chance, isReady: round % Math.Max(2, Rounds / 50) == 0);
            // It got the device as the one before had it, though the kernel had hardly taken it back.
            Assert.Equal(driver, lab.Driver);
            Assert.All(Enumerable.Range(0, traffic.Count), flow =>
                Assert.Equal(traffic.MappingOf(flow), traffic.Ask(flow, s_patience).Mapping));
            traffic.Open();
            KillControl(lab, traffic, chance);
        }
    }

    // In some rounds the one that stands by has had the time to make itself ready, and the silence is measured; in the
    // others it is found as it is.
    private void KillForwarder(KillLab lab, KillTraffic traffic, Random chance, bool isReady)
    {
        int before = lab.ReadyAsync(0).GetAwaiter().GetResult();
        if (isReady)
            lab.StandsByAsync().GetAwaiter().GetResult();
        // New sessions up to the very end: the kill finds one being made.
        using Timer timer = new(_ => Inside.Kill(before), null, chance.Next(1, 40), Timeout.Infinite);
        long last = Stopwatch.GetTimestamp();
        while (Directory.Exists($"/proc/{before}") && lab.Forwarder() == before)
        {
            if (traffic.TryAsk(chance.Next(traffic.Count), out _))
                last = Stopwatch.GetTimestamp();
            if (chance.Next(4) == 0)
                traffic.Open();
        }

        while (!traffic.TryAsk(0, out _))
            Assert.True(Stopwatch.GetElapsedTime(last) < s_patience, "forwarding does not resume");
        if (isReady)
            _silences.Add(Stopwatch.GetElapsedTime(last).TotalMilliseconds);
        lab.ReadyAsync(before).GetAwaiter().GetResult();
    }

    private void KillControl(KillLab lab, KillTraffic traffic, Random chance)
    {
        int times = lab.TimesReady;
        Thread.Sleep(chance.Next(1, 40));
        Inside.Kill(lab.Control);
        for (int i = 0; i < 200; i++)
        {
            _sent++;
            // Late is not lost: who waits for a processor still answers.
            if (!traffic.TryAsk(chance.Next(traffic.Count), out _, (int)s_patience.TotalMilliseconds))
                _lost++;
        }

        lab.StartControl();
        lab.SupervisedAsync(times).GetAwaiter().GetResult();
        Assert.Equal(0, _lost);
    }

    private static long Unaccounted(KillLab lab)
    {
        using StateView view = StateView.Open(lab.State);
        return Enumerable.Range(0, view.Shards.Length).Sum(shard => view.Counters(shard).Unaccounted());
    }

    private static string[] Blocks(KillLab lab)
    {
        using StateView view = StateView.Open(lab.State);
        List<string> blocks = [];
        foreach (ShardView shard in view.Shards)
        {
            for (uint i = 1; i < shard.Blocks.Length; i++)
            {
                BlockRecord block = shard.Blocks[i];
                if (block.IsGivenOut)
                    blocks.Add($"{new Wire.Ipv4Address(block.ExternalAddress)} {block.FirstPort}");
            }
        }

        return [.. blocks.Order()];
    }

    // One subscriber, so that the only event which the log does not have is that it was seen.
    private static void CheckLog(KillLab lab, string[] blocks)
    {
        Dictionary<int, List<long>> sequences = [];
        HashSet<string> held = [];
        foreach (string line in File.ReadLines(lab.BlockLog))
        {
            using JsonDocument record = JsonDocument.Parse(line);
            if (!record.RootElement.TryGetProperty("sequence", out JsonElement sequence))
                continue;
            int shard = record.RootElement.GetProperty("shard").GetInt32();
            sequences.TryAdd(shard, []);
            sequences[shard].Add(sequence.GetInt64());
            string name = record.RootElement.GetProperty("event").GetString()!;
            if (!record.RootElement.TryGetProperty("port_start", out JsonElement port))
                continue;
            string block = $"{record.RootElement.GetProperty("external_address").GetString()} {port.GetInt32()}";
            Assert.True(name == "allocated" ? held.Add(block) : held.Remove(block), line);
        }

        foreach (List<long> of in sequences.Values)
            Assert.Equal(Enumerable.Range(0, of.Count).Select(i => of[0] + i), of);
        Assert.Equal(blocks, held.Order());
    }
}
