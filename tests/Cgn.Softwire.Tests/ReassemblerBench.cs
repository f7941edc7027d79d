using System;
using System.Linq;

using Cgn.Contract;
using Cgn.Memory.Frames;

using Xunit;

namespace Cgn.Softwire.Tests;

/// <summary>A reassembler with its frames, and short words for what tests do with it.</summary>
public abstract class ReassemblerBench : IDisposable
{
    private readonly ReassemblyLoss[] _lost = new ReassemblyLoss[64];
    private Frame _complete;
    private int _merged;
    private SoftwireRefusal _refusal;

    protected ReassemblerBench() => Reassembler = new Ipv6Reassembler(Bench.Pool, new ReassemblyLimits(), 1);

    protected static byte[] Inner { get; } = FrameBench.Ipv4(1500);

    private protected FrameBench Bench { get; } = new();

    protected Ipv6Reassembler Reassembler { get; private set; }

    protected Frame Complete => _complete;

    protected int Merged => _merged;

    protected SoftwireRefusal Refusal => _refusal;

    public void Dispose()
    {
        Reassembler.Dispose();
        Bench.Dispose();
        GC.SuppressFinalize(this);
    }

    protected void Limit(ReassemblyLimits limits)
    {
        Reassembler.Dispose();
        Reassembler = new Ipv6Reassembler(Bench.Pool, limits, 1);
    }

    protected ReassemblyVerdict Offer(
        byte[] packet, uint tick = 0, byte mark = 0x11, int offset = FrameStore.Headroom)
    {
        Frame frame = Bench.Put(packet, mark, offset);
        Decapsulator.TryOpen(Bench.Packet(frame), out SoftwireEnvelope envelope);
        Assert.True(envelope.IsFragment);
        ReassemblyVerdict verdict =
            Reassembler.Offer(frame, FrameBench.LinkSize, envelope, tick, out _complete, out _merged, out _refusal);
        if (verdict == ReassemblyVerdict.Refused)
            Bench.GiveBack(frame);
        Assert.Equal(verdict == ReassemblyVerdict.Refused, _refusal.Reason != DropReason.None);
        return verdict;
    }

    protected ReassemblyLoss[] Expired(uint tick, int budget = 100)
    {
        ReassemblyLoss[] lost = _lost[..Reassembler.Expire(tick, budget, _lost)];
        foreach (ReassemblyLoss loss in lost)
            Bench.GiveBack(loss.Frame);
        return lost;
    }

    protected void CompleteIs(byte[] expected, int merged)
    {
        Assert.Equal(expected, Bench.Packet(_complete));
        Assert.Equal(merged, _merged);
        Bench.GiveBack(_complete);
        Assert.Equal(0, Reassembler.HeldFrames);
        Bench.AllAreHome();
    }
}
