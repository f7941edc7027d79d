using System;

using Cgn.Contract;
using Cgn.Contract.Records;

namespace Cgn.Nat;

// Memory given back, a bounded number of records a turn: sessions, then mappings, then subscribers with their blocks,
// and round again.
public sealed partial class NatShard
{
    // A whole round takes this long: what is past its time holds its place for no longer.
    private const long RoundNs = 2_000_000_000;

    // A subscriber with nothing left stays for this long, with what it was charged and counted.
    private const uint SubscriberLingerTicks = 60 * Tick.PerSecond;

    private const int Kinds = 3;

    private int _sweepKind;
    private uint _sweepAt = 1;
    private long _sweptToNs;
    private WorkerTime _lastNow;

    /// <summary>
    /// Records that ought to be visited now, so that a whole round takes two seconds: what to give <see cref="Sweep"/>,
    /// capped.
    /// </summary>
    public int SweepDue(in WorkerTime now)
    {
        long behindNs = Math.Clamp(now.NowNs - _sweptToNs, 0, RoundNs);
        return (int)Math.Min(int.MaxValue, (long)((UInt128)(ulong)behindNs * SweepTotal / RoundNs));
    }

    /// <summary>
    /// Visits records: ends sessions past their timers, frees mappings past their hold-down, takes idle blocks back,
    /// frees subscribers with nothing left.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="budget">Records to visit at most; never more than one whole round.</param>
    public void Sweep(in WorkerTime now, int budget)
    {
        _lastNow = now;
        WatchTables(now);
        GiveWaiting(now.Tick);
        uint total = SweepTotal;
        uint left = (uint)Math.Min(Math.Max(budget, 0), total);
        long from = Math.Max(_sweptToNs, now.NowNs - RoundNs);
        _sweptToNs = left >= total ? now.NowNs : Math.Min(now.NowNs, from + (long)((UInt128)RoundNs * left / total));
        for (int turns = 0; left > 0 && turns <= Kinds;)
        {
            uint end = SweepEnd(_sweepKind);
            if (_sweepAt >= end)
            {
                _sweepKind = (_sweepKind + 1) % Kinds;
                _sweepAt = 1;
                turns++;
                continue;
            }

            uint stop = Math.Min(end, _sweepAt + left);
            left -= stop - _sweepAt;
            SweepRange(stop, now);
        }
    }

    private uint SweepTotal => _sessions.Fresh + _mappings.Fresh + _subscribers.Fresh;

    private uint SweepEnd(int kind) => kind switch
    {
        0 => _sessions.Fresh,
        1 => _mappings.Fresh,
        _ => _subscribers.Fresh,
    };

    private void SweepRange(uint stop, in WorkerTime now)
    {
        switch (_sweepKind)
        {
            case 0:
                for (; _sweepAt < stop; _sweepAt++)
                {
                    ref SessionRecord s = ref _sessions[_sweepAt];
                    if (!s.IsLive)
                        continue;
                    if (IsAlive(s, now.Tick))
                    {
                        if (_settings.TcpKeepaliveProbe)
                            ProbeIdle(ref s, now.Tick);
                    }
                    else if (MayEnd(s))
                    {
                        EndSession(_sweepAt, now);
                    }
                }

                break;
            case 1:
                for (; _sweepAt < stop; _sweepAt++)
                {
                    ref readonly MappingRecord m = ref _mappings[_sweepAt];
                    if (m.State == MappingState.HeldDown && (int)(now.Tick - m.Aux) >= 0)
                    {
                        FreeMapping(_sweepAt, now.Tick);
                        Commit();
                    }
                    else if (m.State == MappingState.Explicit)
                    {
                        SweepExplicit(_sweepAt, now);
                    }
                }

                break;
            default:
                for (; _sweepAt < stop; _sweepAt++)
                {
                    if (_subscribers[_sweepAt].IsLive)
                        SweepSubscriber(_sweepAt, now);
                }

                break;
        }
    }

    private void SweepSubscriber(uint subscriber, in WorkerTime now)
    {
        ref readonly SubscriberRecord s = ref _subscribers[subscriber];
        if (s.FirstBlock != 0)
            ReleaseIdleBlocks(subscriber, now);
        if ((s.SessionCount | s.MappingCount | s.BlockCount) == 0 && now.Tick - s.LastActive >= SubscriberLingerTicks)
            FreeSubscriber(subscriber, now.UnixMs);
    }
}
