using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Testing;

namespace Cgn.Cli.Lab.Checks;

/// <summary>
/// More UDP is offered than the plan allows; what arrives, counted with its IPv4 headers, is the plan within 5 %. A
/// busy machine that stalls the sender measures too little, so up to three measurements are made; a wrong rate is wrong
/// in all of them.
/// </summary>
/// <param name="down">True towards the home.</param>
public sealed class PlanRateCheck(bool down) : HomeCheck
{
    private const double Offer = 1.25;
    private const double Tolerance = 0.05;
    private const int Attempts = 3;

    /// <inheritdoc/>
    public override string Name => down ? "plan down" : "plan up";

    /// <inheritdoc/>
    protected override async Task<LabVerdict> RunAtAsync(
        LabSession session,
        LabHome home,
        CancellationToken cancellation)
    {
        if (CommandRunner.Find("iperf3") is null)
            return LabVerdict.Skip("there is no iperf3; install it");

        double plan = down ? LabPlan.DownBitsPerSecond : LabPlan.UpBitsPerSecond;
        List<string> seen = [];
        LabMetrics? before = await session.Gateway.ReadMetricsAsync(cancellation);
        bool right = false;
        while (!right && seen.Count < Attempts)
        {
            IperfResult measured = await Iperf.UdpAsync(
                home, down, plan * Offer, session.Seconds, settles: true, cancellation);
            double share = measured.ReceivedBitsPerSecond / plan;
            seen.Add($"{measured.ReceivedBitsPerSecond / 1e6:0.00} Mbit/s, {share:0.0%} of the plan"
                + $" ({measured.ReceivedBytes / measured.SentBytes:0%} of what was sent)");
            right = Math.Abs(share - 1) <= Tolerance;
        }

        string measurements = string.Join("; ", seen);
        return right
            ? LabVerdict.Pass(measurements)
            : LabVerdict.Fail($"{measurements}; drops of all homes meanwhile: {await DropsSince(before)}");

        async Task<string> DropsSince(LabMetrics? then) =>
            await session.Gateway.ReadMetricsAsync(cancellation) is { } now && then is not null
                ? string.Join(", ", now.Since(then, "cgn_drops_total").DefaultIfEmpty("none"))
                : "not known";
    }
}
