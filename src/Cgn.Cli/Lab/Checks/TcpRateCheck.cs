using System;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Testing;

namespace Cgn.Cli.Lab.Checks;

/// <summary>
/// iperf3 over TCP: it fills most of the plan and never more than the plan. A policer costs TCP some, so the exact rate
/// is the UDP check's.
/// </summary>
/// <param name="down">True towards the home.</param>
public sealed class TcpRateCheck(bool down) : HomeCheck
{
    private const double ShareMin = 0.6;
    private const double ShareMax = 1.05;

    /// <inheritdoc/>
    public override string Name => down ? "tcp down" : "tcp up";

    /// <inheritdoc/>
    protected override async Task<LabVerdict> RunAtAsync(
        LabSession session,
        LabHome home,
        CancellationToken cancellation)
    {
        if (CommandRunner.Find("iperf3") is null)
            return LabVerdict.Skip("there is no iperf3; install it");

        IperfResult measured = await Iperf.TcpAsync(home, down, session.Seconds, cancellation);
        double plan = down ? LabPlan.DownBitsPerSecond : LabPlan.UpBitsPerSecond;
        double share = measured.ReceivedBitsPerSecond / plan;
        string seen = $"{measured.ReceivedBitsPerSecond / 1e6:0.00} Mbit/s, {share:0%} of the plan";
        return LabVerdict.Of(share is >= ShareMin and <= ShareMax, seen);
    }
}
