using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Contract.Records;
using Cgn.Control.State;
using Cgn.Memory.Arenas;
using Cgn.Wire;

namespace Cgn.Cli.Lab.Testing;

/// <summary>
/// Reads of the running gateway what it has carried for one home, second after second. It reads the counter itself, in
/// shared memory, and the clock before and after: how busy the machine is makes a reading late, but never wrong.
/// </summary>
public sealed class SubscriberMeter : IDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(10);

    private readonly StateView _view;
    private readonly LabHome _home;
    private readonly bool _down;

    private SubscriberMeter(StateView view, LabHome home, bool down) => (_view, _home, _down) = (view, home, down);

    /// <summary>Attaches to the gateway of the lab.</summary>
    /// <param name="home">Whose traffic.</param>
    /// <param name="down">True towards the home.</param>
    public static SubscriberMeter Open(LabHome home, bool down) =>
        new(StateView.Open(new StateDirectory(LabGatewayConfig.StateFolder)), home, down);

    /// <summary>Reads the counter: bytes of IPv4, and the time in seconds between whose ends they had been
    /// carried.</summary>
    public MeterReading Read()
    {
        // Whoever was put off between the two clock readings reads again, a few times.
        for (int attempt = 0; ; attempt++)
        {
            double before = Now();
            ulong bytes = Bytes();
            double after = Now();
            if (after - before < 0.001 || attempt == 20)
                return new MeterReading(before, after, bytes);
        }
    }

    /// <summary>Waits until traffic flows and the bucket has been emptied, then reads once a second.</summary>
    /// <param name="seconds">How many seconds are measured.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>One more reading than seconds.</returns>
    /// <exception cref="LabException">No traffic came.</exception>
    public async Task<IReadOnlyList<MeterReading>> MeasureAsync(int seconds, CancellationToken cancellation)
    {
        MeterReading first = Read();
        while (Read().Bytes < first.Bytes + 100_000)
        {
            if (Now() - first.Before > s_startLimit.TotalSeconds)
                throw new LabException($"no traffic of {_home.Name} was counted in {s_startLimit.TotalSeconds:0} s");
            await Task.Delay(20, cancellation);
        }

        await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        List<MeterReading> readings = [Read()];
        for (int second = 1; second <= seconds; second++)
        {
            double due = readings[0].Before + second - Now();
            if (due > 0)
                await Task.Delay(TimeSpan.FromSeconds(due), cancellation);
            readings.Add(Read());
        }

        return readings;
    }

    /// <inheritdoc/>
    public void Dispose() => _view.Dispose();

    private static double Now() => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

    private ulong Bytes()
    {
        foreach (ShardView shard in _view.Shards)
        {
            NativeArray<SubscriberRecord> records = shard.Subscribers;
            for (uint number = 1; number < records.Length; number++)
            {
                ref readonly SubscriberRecord s = ref records[number];
                if (s.IsLive && IsHome(s))
                    return _down ? s.BytesDown : s.BytesUp;
            }
        }

        return 0;
    }

    private bool IsHome(in SubscriberRecord s)
    {
        if (s.Kind == SubscriberKind.Nat444)
            return _home.Access == AccessKind.Nat444 && s.B4Low == Ipv4Address.Parse(_home.WanAddress).Value;
        Ipv6Address b4 = new(s.B4High, s.B4Low);
        return _home.Access == AccessKind.DsLite && b4 == Ipv6Address.Parse(_home.WanAddress);
    }
}
