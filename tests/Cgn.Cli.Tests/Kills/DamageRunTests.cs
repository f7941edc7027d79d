using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading.Tasks;

using Cgn.Contract.Records;
using Cgn.Testing;

using Xunit;
using Xunit.Abstractions;

namespace Cgn.Cli.Tests.Kills;

/// <summary>The real processes, under whom the state directory's files are written over.</summary>
[Collection(nameof(KillLab))]
public sealed class DamageRunTests(ITestOutputHelper output)
{
    private const int Shards = 2;
    private const int Flows = 40;
    private const string Anew = "all indexes were made anew from the records";
    private const int BlockAt = 24;
    private const uint NoSuchBlock = 0x7FFFFFF0;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [SkippableFact]
    [Requirement("RFC6888-REQ-8l")]
    public Task Indexes_that_are_no_more_cost_no_mapping() => RunAsync(clears: false, static lab =>
    {
        foreach (string index in (string[])["external", "internal"])
        {
            for (int shard = 0; shard < Shards; shard++)
                Garble(lab.State.SectionFile(ShardSections.Index(shard, index)));
        }
    });

    [SkippableFact]
    [Requirement("RFC6888-REQ-8l")]
    public Task A_mapping_of_a_block_that_is_none_is_left_out_and_the_clearance_is_carried_out() =>
        RunAsync(clears: true, static lab =>
        {
            for (int shard = 0; shard < Shards; shard++)
                Spoil(lab.State.SectionFile(ShardSections.Mappings(shard)));
        });

    private async Task RunAsync(bool clears, Action<KillLab> damage)
    {
        await using KillLab lab = await KillLab.StartedAsync();
        using KillTraffic traffic = new(lab);
        lab.Talk(() => Talk(lab, traffic, damage, clears));
        await lab.StopAsync();

        output.WriteLine(lab.Said);
        Assert.Contains("was ended by signal 6", lab.Said);
        Assert.Equal(clears, lab.Said.Contains("damaged and left out", StringComparison.Ordinal));
    }

    private static void Talk(KillLab lab, KillTraffic traffic, Action<KillLab> damage, bool clears)
    {
        for (int i = 0; i < Flows; i++)
            traffic.Open();
        lab.StandsByAsync().GetAwaiter().GetResult();
        damage(lab);
        // Whoever meets it first dies of it.
        if (clears)
            lab.ClearAsync("100.64.0.0/10").GetAwaiter().GetResult();
        for (int i = 0; i < 200 && !lab.Said.Contains(Anew, StringComparison.Ordinal); i++)
            traffic.Open();
        Assert.Contains(Anew, lab.Said);
        for (int flow = 0; !clears && flow < Flows; flow++)
            Assert.Equal(traffic.MappingOf(flow), traffic.Ask(flow, s_patience).Mapping);
        int forwards = lab.Forwarder();
        for (int i = 0; i < Flows; i++)
            traffic.Open();
        Assert.Equal(forwards, lab.Forwarder());
    }

    private static void Garble(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        byte[] bytes = new byte[1 << 16];
        new Random(1).NextBytes(bytes);
        for (long left = file.Length; left > 0; left -= bytes.Length)
            file.Write(bytes, 0, (int)Math.Min(left, bytes.Length));
    }

    private static void Spoil(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        byte[] record = new byte[MappingRecord.SizeBytes];
        for (long at = 0; at < file.Length; at += record.Length)
        {
            file.Position = at;
            file.ReadExactly(record);
            if (MemoryMarshal.Read<MappingRecord>(record).State != MappingState.Dynamic)
                continue;
            file.Position = at + BlockAt;
            file.Write(BitConverter.GetBytes(NoSuchBlock));
            return;
        }
    }
}
