using System;

using Cgn.Contract;
using Cgn.Memory.Frames;
using Cgn.Memory.Tables;
using Cgn.Wire;

namespace Cgn.Softwire;

/// <summary>
/// Virtual reassembly of IPv4: fragments in any order get the ports of their first one, and are forwarded as they are
/// (RFC 4787 REQ-14). What comes before its first fragment waits here, within limits that keep an attacker's orphans
/// from hurting fragments that come in order (REQ-14a). One worker's; nothing is allocated after construction.
/// </summary>
/// <remarks>
/// <para>A datagram whose fragments overlap, other than as duplicates, is refused from then on (RFC 1858, RFC 5722).
/// TCP fragments that would split or overwrite the TCP header are refused always (RFC 1858, RFC 3128).</para>
/// <para>When all places are taken, a place is found by forgetting the oldest finished datagram; for a first fragment
/// also by giving up the oldest datagram without one.</para>
/// </remarks>
public sealed class Ipv4FragmentTable : IDisposable
{
    private const int TcpHeaderSizeMin = 20;
    private const int TcpFlagsFragmentOffset = 8;

    private readonly FragmentEntries _entries;
    private readonly HeldFrames _held;
    private readonly FragmentLimits _limits;
    private FragmentEntryUser _nobody;

    /// <summary>Takes the memory.</summary>
    /// <param name="limits">How much fits.</param>
    /// <param name="timeoutTicks">How long a datagram is known after its first seen fragment, from 1
    /// (GatewaySettings.FragmentTimeout).</param>
    /// <param name="key">A secret, so that nobody outside can aim at one bucket.</param>
    public Ipv4FragmentTable(in FragmentLimits limits, uint timeoutTicks, ulong key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.Datagrams, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.Frames, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limits.Datagrams, 1 << 20);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limits.Frames, 1 << 20);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limits.FramesPerDatagram, ushort.MaxValue);
        _limits = limits;
        _held = new HeldFrames(limits.Frames);
        _entries = new FragmentEntries(limits.Datagrams, key, _held);
        TimeoutTicks = timeoutTicks;
    }

    /// <summary>How long a datagram is known after its first seen fragment; may be changed at any time.</summary>
    public uint TimeoutTicks { get; set; }

    /// <summary>Frames that the table owns: those that wait, and those given up but not yet handed back by
    /// <see cref="Expire"/>.</summary>
    public int HeldFrames => _held.Count;

    /// <summary>Frames that it may own.</summary>
    public int FramesMax => _limits.Frames;

    /// <summary>Datagrams known.</summary>
    public int Count => _entries.Count;

    /// <summary>Offers a fragment: a packet with MF set or an offset above 0.</summary>
    /// <param name="key">Its datagram.</param>
    /// <param name="frame">Its frame.</param>
    /// <param name="fragmentOffset">Its offset in bytes, 0 to 65,528.</param>
    /// <param name="more">Its MF flag.</param>
    /// <param name="payloadLength">Bytes after its IPv4 header.</param>
    /// <param name="portsIfFirst">Its ports when the offset is 0; not looked at otherwise.</param>
    /// <param name="tick">Now.</param>
    /// <param name="ports">The datagram's ports, when ready.</param>
    /// <param name="refusal">When refused: <see cref="DropReason.FragmentTooLong"/>,
    /// <see cref="DropReason.FragmentTiny"/>, <see cref="DropReason.FragmentOverlap"/>,
    /// <see cref="DropReason.FragmentLimit"/> or the reason given to <see cref="Refuse"/>.</param>
    public FragmentVerdict Offer(
        in FragmentKey key,
        in Frame frame,
        int fragmentOffset,
        bool more,
        int payloadLength,
        in FragmentPorts portsIfFirst,
        uint tick,
        out FragmentPorts ports,
        out DropReason refusal)
    {
        ports = default;
        refusal = RefusalAlone(key.Protocol, fragmentOffset, more, payloadLength);
        if (refusal != DropReason.None)
            return FragmentVerdict.Refused;
        int number = FindLive(key, tick);
        bool first = fragmentOffset == 0;
        refusal = DropReason.FragmentLimit;
        if (number == 0)
        {
            bool outside = key.Realm == 0;
            int most = outside ? _limits.DatagramsPerExternal : _limits.DatagramsPerSubscriber;
            if ((!first && !MayHold(key, 0, 0)) || (number = _entries.Open(key, tick, first, most)) == 0)
                return FragmentVerdict.Refused;
        }

        ref FragmentEntry entry = ref _entries[number];
        refusal = entry.Refusal;
        if (refusal != DropReason.None)
            return FragmentVerdict.Refused;
        bool hold = !first && entry.Stage == FragmentStage.Orphan;
        refusal = Record(ref entry, number, hold, fragmentOffset, more, payloadLength, portsIfFirst);
        if (refusal != DropReason.None)
            return FragmentVerdict.Refused;
        if (hold)
        {
            _held.Append(ref entry.Held, frame);
            entry.HeldCount++;
            _entries.QuotaOf(entry).Frames++;
            return FragmentVerdict.Held;
        }

        if (entry.Stage == FragmentStage.Orphan)
        {
            entry.Ports = portsIfFirst;
            _entries.Move(number, FragmentStage.Open);
        }

        ports = entry.Ports;
        if (entry.Stage == FragmentStage.Open && entry.Ranges.IsComplete)
            _entries.Move(number, FragmentStage.Done);
        return FragmentVerdict.Ready;
    }

    /// <summary>Hands back what waited for a first fragment that has come, in order of arrival; the caller translates
    /// and forwards it.</summary>
    /// <param name="key">The datagram.</param>
    /// <param name="released">Receives the frames; what does not fit stays for the next call.</param>
    /// <returns>Frames written: 0 when nothing waits or the first fragment has not come.</returns>
    public int Release(in FragmentKey key, Span<Frame> released)
    {
        int number = _entries.Find(key);
        if (number == 0 || _entries[number].Stage == FragmentStage.Orphan)
            return 0;
        ref FragmentEntry entry = ref _entries[number];
        int count = 0;
        while (count < released.Length && _held.TryTakeFirst(ref entry.Held, out released[count], out _))
            count++;
        _entries.Unhold(number, count);
        return count;
    }

    /// <summary>
    /// Refuses a datagram from now on: its first fragment could not be translated. What waits for it is given up with
    /// the same reason, and comes back from <see cref="Expire"/>.
    /// </summary>
    /// <param name="key">A datagram; nothing happens when it is not known.</param>
    /// <param name="reason">Why.</param>
    public void Refuse(in FragmentKey key, DropReason reason)
    {
        int number = _entries.Find(key);
        if (number != 0)
            _entries.Refuse(number, reason);
    }

    /// <summary>What the pipeline keeps with a datagram. The reference is good until the next call of
    /// <see cref="Offer"/> or <see cref="Expire"/>.</summary>
    /// <param name="key">A datagram that <see cref="Offer"/> has just said is ready; for any other a scratch that is
    /// forgotten.</param>
    public ref FragmentEntryUser User(in FragmentKey key)
    {
        int number = _entries.Find(key);
        if (number != 0)
            return ref _entries[number].User;
        _nobody = default;
        return ref _nobody;
    }

    /// <summary>Ends what has waited too long, and hands back frames that were given up for any reason.</summary>
    /// <param name="tick">Now.</param>
    /// <param name="budget">Datagrams to end at most.</param>
    /// <param name="expired">Receives frames for the caller to drop; what does not fit stays for the next call.</param>
    /// <param name="reasons">Receives the reason of each; as long as <paramref name="expired"/>.</param>
    /// <returns>Frames written.</returns>
    public int Expire(uint tick, int budget, Span<Frame> expired, Span<DropReason> reasons)
    {
        _entries.Expire(tick, TimeoutTicks, budget);
        return _held.TakeLost(expired, reasons);
    }

    /// <summary>Gives the memory back. Frames still held are the caller's loss: expire them first.</summary>
    public void Dispose() => _entries.Dispose();

    private static DropReason RefusalAlone(byte protocol, int offset, bool more, int length)
    {
        if (offset + length + Ipv4View.HeaderSizeMin > ushort.MaxValue || (more && (length & 7) != 0))
            return DropReason.FragmentTooLong;
        // RFC 3128: neither test suffices without the other.
        bool tiny = length <= 0 || (protocol == (byte)IpProtocol.Tcp
            && (offset == TcpFlagsFragmentOffset || (offset == 0 && length < TcpHeaderSizeMin)));
        return tiny ? DropReason.FragmentTiny : DropReason.None;
    }

    private int FindLive(in FragmentKey key, uint tick)
    {
        int number = _entries.Find(key);
        if (number == 0 || tick - _entries[number].FirstSeenTick < TimeoutTicks)
            return number;
        _entries.Close(number, DropReason.FragmentTimeout);
        return 0;
    }

    private bool MayHold(in FragmentKey key, int heldByDatagram, int heldByParty)
    {
        int most = key.Realm == 0 ? _limits.FramesPerExternal : _limits.FramesPerSubscriber;
        return !_held.IsFull && heldByDatagram < _limits.FramesPerDatagram && heldByParty < most;
    }

    private DropReason Record(
        ref FragmentEntry entry,
        int number,
        bool hold,
        int offset,
        bool more,
        int length,
        in FragmentPorts portsIfFirst)
    {
        DropReason refusal;
        if (hold && !MayHold(entry.Key, entry.HeldCount, _entries.QuotaOf(entry).Frames))
        {
            refusal = DropReason.FragmentLimit;
        }
        else if (offset == 0 && entry.Stage != FragmentStage.Orphan && portsIfFirst != entry.Ports)
        {
            // The bytes of the first fragment once more, but with other ports.
            refusal = DropReason.FragmentOverlap;
            _entries.Refuse(number, refusal);
        }
        else
        {
            RangeVerdict verdict = entry.Ranges.Add(offset, offset + length, !more);
            if (verdict is RangeVerdict.New or RangeVerdict.Duplicate)
                return DropReason.None;
            refusal = verdict == RangeVerdict.Full ? DropReason.FragmentLimit : DropReason.FragmentOverlap;
            if (verdict == RangeVerdict.Overlap)
                _entries.Refuse(number, refusal);
        }

        if (entry.Stage == FragmentStage.Orphan && entry.HeldCount == 0)
            _entries.Close(number, refusal);
        return refusal;
    }
}
