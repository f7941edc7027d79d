using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Testing;
using Cgn.Contract.Counting;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;

using Xunit;
using Xunit.Abstractions;

namespace Cgn.Cli.Tests.Metrics;

/// <summary>What a scrape costs does not grow with what the gateway has.</summary>
public sealed class ScrapeSizeTests(ITestOutputHelper output)
{
    private static readonly string[] s_records = ["subscribers", "mappings", "sessions", "blocks"];

    private const int Million = 1 << 20;
    private const int Batch = 512;

    [Fact]
    public async Task A_scrape_touches_no_page_of_the_records()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync();
        for (int i = 1; i < 200; i++)
            gateway.Send(FramePort.Inside, Packets.Ethernet(Packets.Udp($"100.64.0.{i}", 10000, "198.51.100.1", 53)));
        gateway.Advance(0.2);

        LabMetrics page = await gateway.ScrapeAsync();

        Assert.Equal(199, page.Sum("cgn_subscribers"));
        Assert.Equal(199, page.Sum("cgn_pool_port_blocks_used{pool=\"metro\"}"));
        // The writer's mapping of the file is the first, the reader's another: of that one nothing is resident.
        foreach (string records in s_records)
        {
            long[] resident = Resident(Path.Combine(gateway.Directory.Path, $"shard-0-{records}.arena"));
            Assert.Equal(2, resident.Length);
            Assert.Contains(0, resident);
            Assert.Contains(resident, static kib => kib > 0);
        }

        Assert.DoesNotContain(0, Resident(Path.Combine(gateway.Directory.Path, "shard-0-counters.arena")));
    }

    /// <summary>Figures for bench/README.md: with CGN_LONG=1, since it takes a gigabyte and minutes.</summary>
    [SkippableFact]
    public async Task A_million_subscribers_are_scraped()
    {
        Skip.If(Environment.GetEnvironmentVariable("CGN_LONG") != "1", "takes long; CGN_LONG=1 runs it");
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync(
            static snapshot => snapshot with
            {
                Pools = [new PoolSettings("metro", [new Ipv4PrefixSetting(0xC6000000, 18)], 1024, 65535, 512, 1200)],
            },
            static settings => settings with
            {
                ShardCount = 2,
                SubscriberCapacity = Million + (Million / 8),
                MappingCapacity = Million + (Million / 8),
                SessionCapacity = Million + (Million / 8),
            });
        byte[][] batch = new byte[Batch][];
        for (int i = 0; i < Million; i += Batch)
        {
            for (int n = 0; n < Batch; n++)
            {
                uint address = 0x64400000u + (uint)(i + n);
                string source = $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}";
                batch[n] = Packets.Ethernet(Packets.Udp(source, 10000, ScrapedGateway.Server, 53));
            }

            Assert.Equal(Batch, gateway.Send(FramePort.Inside, batch).Count);
        }

        Assert.Equal(Million, gateway.Gateway.Counter(CounterId.Subscribers));
        for (int i = 0; i < 10; i++)
        {
            long start = Stopwatch.GetTimestamp();
            string page = await gateway.PageAsync();
            output.WriteLine($"{Stopwatch.GetElapsedTime(start).TotalMilliseconds:0.0} ms, {page.Length} bytes");
        }
    }

    // KiB of each mapping of a file that this process has pages of.
    private static long[] Resident(string file)
    {
        List<long> resident = [];
        bool isOurs = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            if (line.Contains('-') && line.Split(' ')[0].Contains('-'))
                isOurs = line.EndsWith(file, StringComparison.Ordinal);
            else if (isOurs && line.StartsWith("Rss:", StringComparison.Ordinal))
                resident.Add(long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
        }

        return [.. resident];
    }
}
