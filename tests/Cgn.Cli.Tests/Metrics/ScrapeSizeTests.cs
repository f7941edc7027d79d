using System;
using System.Diagnostics;
using System.Threading.Tasks;

using Cgn.Contract.Counting;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;

using Xunit;
using Xunit.Abstractions;

namespace Cgn.Cli.Tests.Metrics;

public sealed class ScrapeSizeTests(ITestOutputHelper output)
{
    private const int Million = 1 << 20;
    private const int Batch = 512;

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
}
