using System;

using Cgn.Contract;
using Cgn.Memory.Frames;
using Cgn.Wire;

namespace Cgn.Softwire;

/// <summary>
/// Puts outer IPv6 packets together again, as their destination must before it decapsulates (RFC 6333 §6.3, RFC 8200
/// §4.5, RFC 5722, RFC 6946). Pieces are copied to their place in as few chunks as hold them; other chunks go back to
/// the pool at once. One worker's; nothing is allocated after construction.
/// </summary>
/// <remarks>
/// At a limit, of a prefix or in total, the oldest packet gives way to the newest: whoever sends fragments that never
/// become whole hurts those that are older than his, and packets that come in one go are hardly ever old.
/// </remarks>
public sealed class Ipv6Reassembler : IDisposable
{
    // A fragment offered gives up fewer packets than this: itself, and those in the way of its entry and its chunks.
    private const int LossesPerFragment = 8;

    private readonly FramePool _pool;
    private readonly ReassemblyBuffer _buffer;
    private readonly ChunkChains _chains;
    private readonly LargePackets? _large;
    private readonly ReassemblyLimits _limits;
    private readonly ReassemblyEntries _entries;
    private readonly LostPackets _lost;
    private int _cut;

    /// <summary>Takes the memory.</summary>
    /// <param name="pool">The worker's frames.</param>
    /// <param name="limits">How much fits.</param>
    /// <param name="key">A secret, so that nobody outside can aim at one bucket.</param>
    public Ipv6Reassembler(FramePool pool, in ReassemblyLimits limits, ulong key)
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.Packets, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limits.Packets, 1 << 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.PacketsPerPrefix, 1);
        _pool = pool;
        _limits = limits;
        _chains = new ChunkChains(pool, limits.Packets, ReassemblyBuffer.PlacesFor(pool.Store, limits.PayloadBytes));
        _buffer = new ReassemblyBuffer(pool, _chains, limits.PayloadBytes);
        _large = _chains.PlacesEach > 1 ? new LargePackets(pool) : null;
        _entries = new ReassemblyEntries(limits, key);
        _lost = new LostPackets(limits.Packets + LossesPerFragment);
    }

    /// <summary>Frames taken that have neither become part of a whole packet nor been handed back by
    /// <see cref="Expire"/>.</summary>
    public int HeldFrames { get; private set; }

    /// <summary>Chunks that these frames take up now.</summary>
    public int HeldChunks => _chains.Held + _lost.Count;

    /// <summary>How much of what there is, packets or chunks, whichever is scarcer, is taken.</summary>
    public (int Level, int Capacity) Use =>
        (long)HeldChunks * _limits.Packets > (long)Count * _limits.Chunks
            ? (HeldChunks, _limits.Chunks)
            : (Count, _limits.Packets);

    /// <summary>Packets in pieces, those remembered only to refuse the rest of them included.</summary>
    public int Count => _entries.Count;

    /// <summary>Largest fragmentable part that is put together, in bytes; a larger one is refused with
    /// <see cref="DropReason.FragmentTooLong"/>.</summary>
    public int PayloadMax => _buffer.PayloadMax;

    /// <summary>Offers a fragment.</summary>
    /// <param name="frame">Its frame. It passes to the reassembler unless refused.</param>
    /// <param name="ipOffset">Bytes of link layer before the IPv6 header.</param>
    /// <param name="envelope">From <see cref="Decapsulator.TryOpen"/> on this packet, with IsFragment set.</param>
    /// <param name="tick">Now.</param>
    /// <param name="complete">When complete: a frame with the whole packet, without fragment header, behind the link
    /// layer of its first fragment; it is to be opened anew.</param>
    /// <param name="merged">When complete: how many other frames went into it (their chunks are back in the
    /// pool).</param>
    /// <param name="refusal">When refused: why, and whether the sender is told.</param>
    public ReassemblyVerdict Offer(
        in Frame frame,
        int ipOffset,
        in SoftwireEnvelope envelope,
        uint tick,
        out Frame complete,
        out int merged,
        out SoftwireRefusal refusal)
    {
        complete = default;
        merged = 0;
        Span<byte> bytes = _pool.Store.Packet(frame);
        Span<byte> packet = bytes.Slice(ipOffset, envelope.PacketLength);
        if (!Ipv6FragmentView.TryOpen(packet[envelope.FragmentHeaderOffset..], out Ipv6FragmentView fragment, out _))
        {
            refusal = SoftwireRefusal.Silent(DropReason.BadIpv6Header);
            return ReassemblyVerdict.Refused;
        }

        refusal = FragmentRules.Check(packet, ipOffset, envelope, fragment);
        if (refusal.Reason != DropReason.None)
            return ReassemblyVerdict.Refused;
        if (fragment.IsAtomic)
        {
            complete = _buffer.Strip(frame, ipOffset, envelope, fragment.NextHeader);
            return ReassemblyVerdict.Complete;
        }

        Ipv6View.TryOpenQuoted(packet, out Ipv6View header, out _);
        ReassemblyKey key = new(header.Source, header.Destination, fragment.Identification);
        int number = FindOrOpen(key, tick);
        refusal = number == 0
            ? SoftwireRefusal.Silent(DropReason.FragmentLimit)
            : SoftwireRefusal.Silent(Record(number, fragment));
        if (refusal.Reason != DropReason.None)
            return ReassemblyVerdict.Refused;

        Absorb(number, frame, ipOffset, envelope, fragment);
        if (!_entries[number].Ranges.IsComplete)
            return ReassemblyVerdict.Held;
        merged = _entries[number].Frames - 1;
        HeldFrames -= _entries[number].Frames;
        if (_entries[number].Ranges.Total > _buffer.UnitBytes)
        {
            _cut = number;
            return ReassemblyVerdict.CompleteLarge;
        }

        complete = _buffer.Finish(number, ref _entries[number]);
        _entries.QuotaOf(number).Frames--;
        _entries.Close(number);
        return ReassemblyVerdict.Complete;
    }

    /// <summary>
    /// Cuts the packet that the last <see cref="Offer"/> said is whole but larger than a frame: its inner packet into
    /// IPv4 fragments, each in a softwire packet of the same ends. The next hop would take no larger ones either, and
    /// what goes on in fragments is translated in fragments.
    /// </summary>
    /// <param name="mtu">Largest inner fragment, from <see cref="Ipv4Fragmenter.MtuMin"/>; less where a frame holds
    /// less.</param>
    /// <param name="pieces">Receives the frames, which are the caller's: 256 places suffice from an MTU of 576.</param>
    /// <param name="refusal">With one frame, <see cref="DropReason.TooBig"/>: DF is set, and the frame holds the
    /// beginning of the packet, to be quoted. With none: why nothing can come of it.</param>
    /// <returns>Frames written.</returns>
    public int CutLarge(int mtu, Span<Frame> pieces, out DropReason refusal)
    {
        int number = _cut;
        LargePackets large = _large ?? throw new InvalidOperationException("no packet is larger than a frame");
        Frame like = _entries[number].Frame;
        Span<byte> whole = _buffer.Gather(number, ref _entries[number], large.Room);
        _pool.Return(_chains.Clear(number, out int chunks));
        _entries.QuotaOf(number).Frames -= chunks;
        int ipOffset = _entries[number].IpOffset;
        _entries.Close(number);
        return large.Cut(whole, ipOffset, like, mtu, pieces, out refusal);
    }

    /// <summary>Ends packets that have been in pieces too long, and hands back all that were given up for any
    /// reason.</summary>
    /// <param name="tick">Now.</param>
    /// <param name="budget">Packets to end at most.</param>
    /// <param name="lost">Receives them; what does not fit stays for the next call.</param>
    /// <returns>Packets written.</returns>
    public int Expire(uint tick, int budget, Span<ReassemblyLoss> lost)
    {
        int count = _lost.Take(lost);
        while (budget-- > 0 && _entries.Oldest != 0 && IsOver(_entries.Oldest, tick))
        {
            if (_lost.Room == 0)
                break;
            int number = _entries.Oldest;
            Abandon(number, DropReason.FragmentTimeout);
            _entries.Close(number);
        }

        count += _lost.Take(lost[count..]);
        for (int i = 0; i < count; i++)
            HeldFrames -= lost[i].Frames;
        return count;
    }

    /// <summary>Gives the memory back. Frames still held are the caller's loss: expire them first.</summary>
    public void Dispose() => _entries.Dispose();

    private bool IsOver(int number, uint tick) => tick - _entries[number].FirstSeenTick >= _limits.TimeoutTicks;

    private int FindOrOpen(in ReassemblyKey key, uint tick)
    {
        // Nothing is taken while the caller collects none.
        if (_lost.Room < LossesPerFragment)
            return 0;
        int number = _entries.Find(key);
        if (number != 0 && !IsOver(number, tick))
            return number;
        if (number != 0)
        {
            Abandon(number, DropReason.FragmentTimeout);
            _entries.Close(number);
        }

        int inTheWay = _entries.InTheWayOf(key);
        if (inTheWay != 0)
        {
            Abandon(inTheWay, DropReason.FragmentLimit);
            _entries.Close(inTheWay);
        }

        return _entries.Open(key, tick);
    }

    private DropReason Record(int number, in Ipv6FragmentView fragment)
    {
        ref ReassemblyEntry entry = ref _entries[number];
        if (entry.Refusal != DropReason.None)
            return entry.Refusal;
        int start = fragment.FragmentOffsetBytes;
        int end = start + fragment.Payload.Length;
        if (end > PayloadMax)
            return Abandon(number, DropReason.FragmentTooLong);
        RangeVerdict verdict = entry.Ranges.Add(start, end, !fragment.MoreFragments);
        if (verdict == RangeVerdict.New)
            return MakeRoom(number, start, end);
        bool same = verdict == RangeVerdict.Duplicate && _buffer.IsSame(number, start, fragment.Payload);
        if (same)
            return DropReason.None;
        // RFC 5722: the packet is abandoned with all that may still come of it, and nobody is told.
        return Abandon(number, verdict == RangeVerdict.Full ? DropReason.FragmentLimit : DropReason.FragmentOverlap);
    }

    /// <summary>Sees that there are chunks for a fragment's bytes: within the limits, the oldest give way.</summary>
    private DropReason MakeRoom(int number, int start, int end)
    {
        int missing = _buffer.Missing(number, start, end);
        if (missing == 0)
            return DropReason.None;
        while (InTheWay(number, missing) is int victim and not 0)
        {
            if (victim == number)
                return Abandon(number, DropReason.FragmentLimit);
            Abandon(victim, DropReason.FragmentLimit);
            _entries.Close(victim);
        }

        // The fragment's own chunk is one of them.
        if (missing - 1 > _pool.Count)
            return Abandon(number, DropReason.NoFrame);
        _entries.QuotaOf(number).Frames += missing;
        return DropReason.None;
    }

    private int InTheWay(int number, int missing)
    {
        ref Quota quota = ref _entries.QuotaOf(number);
        if (quota.Frames + missing > _limits.ChunksPerPrefix)
            return quota.List.Head;
        return _chains.Held + missing > _limits.Chunks ? _entries.Oldest : 0;
    }

    /// <summary>Takes a fragment's frame: what it holds is copied to its place, and unless its chunk is needed there it
    /// goes back to the pool.</summary>
    private void Absorb(
        int number, in Frame frame, int ipOffset, in SoftwireEnvelope envelope, in Ipv6FragmentView fragment)
    {
        ref ReassemblyEntry entry = ref _entries[number];
        if (entry.Frames++ == 0)
            entry.Frame = frame;
        entry.IsMarked |= (envelope.TrafficClass & 3) == 3;
        _buffer.Copy(number, ref entry, frame, ipOffset, envelope, fragment);
        HeldFrames++;
    }

    /// <summary>Gives a packet up: one frame of it goes to the caller by way of <see cref="Expire"/>, its key is
    /// remembered.</summary>
    private DropReason Abandon(int number, DropReason reason)
    {
        ref ReassemblyEntry entry = ref _entries[number];
        entry.Refusal = reason;
        if (entry.Frames == 0)
            return reason;
        entry.Frame.Chunk = _chains.Clear(number, out int chunks);
        _entries.QuotaOf(number).Frames -= chunks;
        Frame frame = entry.Frame;
        if (entry.FrontLength != 0)
            frame = _buffer.FirstFragment(entry);
        else
            frame.Length = 0;
        _lost.Add(new ReassemblyLoss
        {
            Frame = frame,
            Frames = entry.Frames,
            Reason = reason,
            HasFirst = entry.FrontLength != 0,
            IpOffset = entry.IpOffset,
        });
        entry.Frames = 0;
        return reason;
    }
}
