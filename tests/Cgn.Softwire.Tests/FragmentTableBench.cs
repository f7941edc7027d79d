using System;
using System.Linq;

using Cgn.Contract;
using Cgn.Memory.Frames;

using Xunit;

namespace Cgn.Softwire.Tests;

/// <summary>A fragment table, and short words for what tests do with it.</summary>
public abstract class FragmentTableBench : IDisposable
{
    protected const uint Timeout = 20;
    protected const byte Udp = 17;
    protected const byte Tcp = 6;

    protected static FragmentPorts Ports { get; } = new(5000, 53);
    protected static FragmentKey Outside { get; } = new(0, 0xC6336401, 0xC0000201, 77, Udp);
    protected static FragmentKey Inside { get; } = new(9, 0x0A000001, 0xC6336401, 77, Udp);

    protected Frame[] Frames { get; } = new Frame[128];

    protected DropReason[] Reasons { get; } = new DropReason[128];

    protected Ipv4FragmentTable Table { get; private set; } = new(new FragmentLimits(), Timeout, 1);

    public void Dispose()
    {
        Table.Dispose();
        GC.SuppressFinalize(this);
    }

    protected void Limit(FragmentLimits limits)
    {
        Table.Dispose();
        Table = new Ipv4FragmentTable(limits, Timeout, 1);
    }

    protected FragmentVerdict Offer(
        FragmentKey key,
        int offset,
        int length,
        bool more,
        out FragmentPorts ports,
        out DropReason refusal,
        uint chunk = 0,
        uint tick = 0)
    {
        FragmentPorts portsIfFirst = offset == 0 ? Ports : default;
        Frame frame = new() { Chunk = chunk };
        return Table.Offer(key, frame, offset, more, length, portsIfFirst, tick, out ports, out refusal);
    }

    protected FragmentVerdict Offer(
        FragmentKey key, int offset, int length, bool more, uint chunk = 0, uint tick = 0) =>
        Offer(key, offset, length, more, out _, out _, chunk, tick);

    protected DropReason Refusal(FragmentKey key, int offset, int length, bool more, uint tick = 0)
    {
        Assert.Equal(FragmentVerdict.Refused, Offer(key, offset, length, more, out _, out DropReason refusal, 0, tick));
        return refusal;
    }

    protected uint[] Released(FragmentKey key) => Frames[..Table.Release(key, Frames)].Select(f => f.Chunk).ToArray();

    protected (uint Chunk, DropReason Reason)[] Expired(uint tick, int budget = 100)
    {
        int count = Table.Expire(tick, budget, Frames, Reasons);
        return Enumerable.Range(0, count).Select(i => (Frames[i].Chunk, Reasons[i])).ToArray();
    }

    protected uint[] Held(FragmentKey key)
    {
        Assert.Equal(FragmentVerdict.Ready, Offer(key, 0, 1480, true));
        return Released(key);
    }
}
