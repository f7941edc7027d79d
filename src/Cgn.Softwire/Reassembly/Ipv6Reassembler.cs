using System;

using Cgn.Contract;
using Cgn.Memory.Frames;
using Cgn.Wire;

namespace Cgn.Softwire;

/// <summary>
/// Puts outer IPv6 packets together again, as their destination must before it decapsulates (RFC 6333 §6.3, RFC 8200
/// §4.5, RFC 5722, RFC 6946). Pieces are copied into the chunk of the fragment that came first; the other chunks go
/// back to the pool at once. One worker's; nothing is allocated after construction.
/// </summary>
/// <remarks>
/// At a limit, of a prefix or in total, the oldest packet gives way to the newest: whoever sends fragments that never
/// become whole hurts those that are older than his, and packets that come in one go are hardly ever old.
/// </remarks>
public sealed class Ipv6Reassembler : IDisposable
{
    private const int OffsetFieldOffset = 2;
    private const int PayloadLengthOffset = 4;
    private const byte Erroneous = 0;
    private const byte ChainIncomplete = 3;

    private readonly FramePool _pool;
    private readonly ReassemblyBuffer _buffer;
    private readonly ReassemblyEntries _entries;
    private readonly LostPackets _lost;
    private readonly uint _timeoutTicks;

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
        _buffer = new ReassemblyBuffer(pool.Store);
        _entries = new ReassemblyEntries(limits, key);
        _lost = new LostPackets(limits.Packets);
        _timeoutTicks = limits.TimeoutTicks;
    }

    /// <summary>Frames taken that have neither become part of a whole packet nor been handed back by
    /// <see cref="Expire"/>.</summary>
    public int HeldFrames { get; private set; }

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

        refusal = RefusalAlone(packet, ipOffset, envelope, fragment);
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

        Absorb(ref _entries[number], frame, ipOffset, envelope, fragment);
        if (!_entries[number].Ranges.IsComplete)
            return ReassemblyVerdict.Held;
        complete = _buffer.Finish(_entries[number]);
        merged = _entries[number].Frames - 1;
        HeldFrames -= _entries[number].Frames;
        _entries.Close(number);
        return ReassemblyVerdict.Complete;
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

    private bool IsOver(int number, uint tick) => tick - _entries[number].FirstSeenTick >= _timeoutTicks;

    /// <summary>What is wrong with a fragment whatever the others are (RFC 8200 §4.5, RFC 7112).</summary>
    private static SoftwireRefusal RefusalAlone(
        ReadOnlySpan<byte> packet, int ipOffset, in SoftwireEnvelope envelope, in Ipv6FragmentView fragment)
    {
        int header = envelope.FragmentHeaderOffset;
        int length = fragment.Payload.Length;
        if (fragment.MoreFragments && (length & 7) != 0)
            return SoftwireRefusal.Problem(DropReason.FragmentTooLong, Erroneous, PayloadLengthOffset);
        if (header - Ipv6View.HeaderSize + fragment.FragmentOffsetBytes + length > ushort.MaxValue)
            return SoftwireRefusal.Problem(DropReason.FragmentTooLong, Erroneous, header + OffsetFieldOffset);
        if (length == 0)
            return SoftwireRefusal.Silent(DropReason.FragmentTiny);
        if (fragment.FragmentOffsetBytes != 0)
            return default;
        if (ipOffset + header > ReassemblyBuffer.FrontMax)
            return SoftwireRefusal.Silent(DropReason.BadIpv6Header);

        Ipv6ExtensionWalk walk = Ipv6ExtensionWalk.BehindFragment(packet, header);
        int left = packet.Length - walk.Offset;
        bool cut = walk.Kind == Ipv6WalkKind.Upper && left < UpperHeaderSize(walk, packet);
        if (cut || walk.Kind == Ipv6WalkKind.Truncated)
            return SoftwireRefusal.Problem(DropReason.FragmentTiny, ChainIncomplete, 0);
        return walk.Kind == Ipv6WalkKind.Upper ? default : Decapsulator.RefusalOf(walk);
    }

    private static int UpperHeaderSize(in Ipv6ExtensionWalk walk, ReadOnlySpan<byte> packet) => walk.Protocol switch
    {
        IpProtocol.Ipv4 when walk.Offset < packet.Length =>
            Math.Max(Ipv4View.HeaderSizeMin, (packet[walk.Offset] & 0x0F) * 4),
        IpProtocol.NoNext => 0,
        _ => 8,
    };

    private int FindOrOpen(in ReassemblyKey key, uint tick)
    {
        // A fragment offered gives up one packet at most: nothing is taken while the caller collects none.
        if (_lost.Room == 0)
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
            return DropReason.None;
        bool same = verdict == RangeVerdict.Duplicate
            && _buffer.Payload(entry)[start..end].SequenceEqual(fragment.Payload);
        if (same)
            return DropReason.None;
        // RFC 5722: the packet is abandoned with all that may still come of it, and nobody is told.
        return Abandon(number, verdict == RangeVerdict.Full ? DropReason.FragmentLimit : DropReason.FragmentOverlap);
    }

    /// <summary>Takes a fragment's frame: the first to arrive lends its chunk, the others give theirs back.</summary>
    private void Absorb(
        ref ReassemblyEntry entry,
        in Frame frame,
        int ipOffset,
        in SoftwireEnvelope envelope,
        in Ipv6FragmentView fragment)
    {
        bool isFirstToArrive = entry.Frames++ == 0;
        if (isFirstToArrive)
            entry.Frame = frame;
        entry.IsMarked |= (envelope.TrafficClass & 3) == 3;
        _buffer.Copy(ref entry, frame, ipOffset, envelope, fragment);
        if (!isFirstToArrive)
            _pool.Return(frame.Chunk);
        HeldFrames++;
    }

    /// <summary>Gives a packet up: its frame goes to the caller by way of <see cref="Expire"/>, its key is
    /// remembered.</summary>
    private DropReason Abandon(int number, DropReason reason)
    {
        ref ReassemblyEntry entry = ref _entries[number];
        entry.Refusal = reason;
        if (entry.Frames == 0)
            return reason;
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
