using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Testing;

namespace Cgn.Cli.Lab.Checks;

/// <summary>
/// Twice as much UDP is offered as the plan allows, and what the gateway carries of it is read from its own counter
/// each second. Two things are asked, and neither depends on how busy the machine is: from no reading to any later one
/// is more carried than the plan and one burst; and most of the seconds have the plan within 2 %, which a wrong rate
/// has in none, while a sender that is put off spoils only the second that it happens in and the next. It may be
/// offered anew when most were spoilt.
/// </summary>
/// <param name="down">True towards the home.</param>
public sealed class PlanRateCheck(bool down) : HomeCheck
{
    private const double Offer = 2;
    private const double Tolerance = 0.02;
    private const double PacketBits = 1500 * 8;
    private const int Attempts = 3;

    // Before the first reading the bucket drains, and the sender must not end before the last.
    private const int MarginSeconds = 4;

    /// <inheritdoc/>
    public override string Name => down ? "plan down" : "plan up";

    private double Plan => down ? LabPlan.DownBitsPerSecond : LabPlan.UpBitsPerSecond;

    /// <inheritdoc/>
    protected override async Task<LabVerdict> RunAtAsync(
        LabSession session,
        LabHome home,
        CancellationToken cancellation)
    {
        if (CommandRunner.Find("iperf3") is null)
            return LabVerdict.Skip("there is no iperf3; install it");

        List<string> seen = [];
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            using var meter = SubscriberMeter.Open(home, down);
            Task<IperfResult> sender = Iperf.UdpAsync(
                home, down, Plan * Offer, session.Seconds + MarginSeconds, settles: false, cancellation);
            IReadOnlyList<MeterReading> readings = await meter.MeasureAsync(session.Seconds, cancellation);
            await sender;
            if (Excess(readings) is { } excess)
                return LabVerdict.Fail(excess);
            double[] shares = [.. readings.Skip(1).Zip(readings, (later, earlier) =>
                later.BitsSince(earlier) / later.SecondsSince(earlier) / Plan)];
            int right = shares.Count(static share => Math.Abs(share - 1) <= Tolerance);
            seen.Add($"{right} of {shares.Length} seconds within {Tolerance:0%}: "
                + string.Join(", ", shares.Select(static share => $"{share:0.0%}")));
            if (2 * right > shares.Length)
                return LabVerdict.Pass(string.Join("; ", seen));
        }

        return LabVerdict.Fail(string.Join("; ", seen));
    }

    // Whoever reads late reads more, and of more time: so the time is taken as long as it may have been.
    private string? Excess(IReadOnlyList<MeterReading> readings)
    {
        for (int first = 0; first < readings.Count; first++)
        {
            for (int last = first + 1; last < readings.Count; last++)
            {
                double seconds = readings[last].After - readings[first].Before;
                double bits = readings[last].BitsSince(readings[first]);
                double most = (Plan * (seconds + LabPlan.BurstSeconds)) + PacketBits;
                if (bits > most)
                    return $"{bits / 1e6:0.000} Mbit were carried in {seconds:0.000} s; {most / 1e6:0.000} at most";
            }
        }

        return null;
    }
}
