using System;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Nat;
using Cgn.Testing;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>
/// What a plan's rates let through of twice as much, second by second, as the subscriber's own counters have it. Bytes
/// are those of IPv4: what a softwire adds costs nobody's rate.
/// </summary>
public sealed class PlanRateTests
{
    private const int PacketBytes = 1000;
    private const double UpBytes = 500_000;
    private const double DownBytes = 1_000_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Any_second_after_the_burst_has_the_rate_within_two_percent(bool softwire)
    {
        using Line line = new(softwire);
        Assert.InRange(line.Second().Up, UpBytes + 20_000, UpBytes + 26_000);
        for (int second = 0; second < 4; second++)
        {
            (double up, double down) = line.Second();
            Assert.InRange(up, UpBytes * 0.98, UpBytes * 1.02);
            Assert.InRange(down, DownBytes * 0.98, DownBytes * 1.02);
        }

        Assert.Equal(line.OfferedUp - line.CarriedUp, line.Bench.Gateway.Drops(DropReason.RateLimitUp));
        Assert.Equal(line.OfferedDown - line.CarriedDown, line.Bench.Gateway.Drops(DropReason.RateLimitDown));
        ref readonly SubscriberRecord s = ref line.Record;
        Assert.Equal(
            ((ulong)line.CarriedUp * PacketBytes, (ulong)line.CarriedDown * PacketBytes), (s.BytesUp, s.BytesDown));
        Assert.Equal(((uint)line.CarriedUp, (uint)line.CarriedDown), (s.PacketsUp, s.PacketsDown));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Another_rate_holds_from_the_second_in_which_it_is_given(bool softwire)
    {
        using Line line = new(softwire);
        line.Second();
        line.Change(plan => plan with { RateUp = plan.RateUp / 4, RateDown = plan.RateDown * 3 / 2 });
        line.Second();
        (double up, double down) = line.Second();
        Assert.InRange(up, UpBytes / 4 * 0.98, UpBytes / 4 * 1.02);
        Assert.InRange(down, DownBytes * 1.5 * 0.98, DownBytes * 1.5 * 1.02);
        line.Change(plan => plan with { RateUp = 0, RateDown = 0 });
        (up, down) = line.Second();
        Assert.Equal((UpBytes * 2, DownBytes * 2), (up, down));
    }

    [Fact]
    public void Two_subscribers_of_a_plan_have_a_rate_each()
    {
        using Line line = new(softwire: true);
        Host other = new(line.Bench, softwire: true, number: 9);
        line.Second();
        Assert.Single(other.Udp(5, GatewayBench.Server, 9));
    }

    // Both directions at once, evenly: 1,000 packets a second up and 2,000 down.
    private sealed class Line : IDisposable
    {
        private readonly Host _host;
        private readonly (string Address, ushort Port) _external;
        private uint _generation = 1;

        public Line(bool softwire)
        {
            Bench = new GatewayBench(
                plan: static home => home with { RateUp = (ulong)UpBytes * 8, RateDown = (ulong)DownBytes * 8 });
            _host = new Host(Bench, softwire);
            _external = _host.External(tcp: false, 5);
            CarriedUp = 1;
            OfferedUp = 1;
            NatShard nat = Bench.Gateway.Shard(0);
            Record.BytesUp = PacketBytes;
            Assert.Equal(1u, nat.SubscriberCount);
        }

        public GatewayBench Bench { get; }

        public int OfferedUp { get; private set; }

        public int OfferedDown { get; private set; }

        public int CarriedUp { get; private set; }

        public int CarriedDown { get; private set; }

        public ref SubscriberRecord Record => ref Bench.Gateway.Shard(0).Subscriber(1);

        public void Change(Func<PlanSettings, PlanSettings> change) => Bench.Gateway.Apply(Bench.Snapshot with
        {
            Generation = ++_generation,
            Plans = [change(Bench.Snapshot.Plans[0])],
        });

        public (double Up, double Down) Second()
        {
            (ulong up, ulong down) = (Record.BytesUp, Record.BytesDown);
            for (int i = 0; i < 1000; i++)
            {
                OfferedUp++;
                CarriedUp += _host.Udp(5, GatewayBench.Server, 9, PacketBytes - 28).Count;
                for (int j = 0; j < 2; j++)
                {
                    OfferedDown++;
                    CarriedDown += Bench.FromServer(Packets.Udp(
                        GatewayBench.Server, 9, _external.Address, _external.Port, PacketBytes - 28)).Count;
                    Bench.Advance(0.0005);
                }
            }

            return (Record.BytesUp - up, Record.BytesDown - down);
        }

        public void Dispose() => Bench.Dispose();
    }
}
