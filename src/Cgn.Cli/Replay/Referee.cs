using System;
using System.Collections.Generic;

using Cgn.Cli.Captures;
using Cgn.Contract;
using Cgn.Forwarder;
using Cgn.Memory.Frames;

namespace Cgn.Cli.Replay;

/// <summary>
/// Gives offers to the gateway, collects what comes out of it and judges whether all of it is right and nothing is
/// missing.
/// </summary>
internal sealed class Referee
{
    private const int FrameBytesMax = 131072;

    private readonly SimulatedGateway _gateway;
    private readonly ReplayReport _report;
    private readonly FrameWriters _writers;
    private readonly PacketJudge _judge;
    private readonly Access _access;
    private readonly int _workers;
    private readonly string _file;
    private readonly List<Offer> _held = [];
    private readonly PieceCollector _pieces = new();
    private readonly Dictionary<ulong, Queue<Offer>> _byKey = [];
    private readonly long[] _drops = new long[64];
    private readonly byte[] _buffer = new byte[FrameBytesMax];
    private int _nextWorker;
    private long _timestampNs;

    /// <summary>A referee for one capture.</summary>
    internal Referee(
        SimulatedGateway gateway, Access access, PacketJudge judge, FrameWriters writers, ReplayReport report,
        string file)
    {
        _gateway = gateway;
        _access = access;
        _judge = judge;
        _writers = writers;
        _report = report;
        _file = file;
        _workers = gateway.ShardCount;
        ReadDrops(_drops);
    }

    /// <summary>What tests do to frames behind the gateway.</summary>
    internal FrameTamper? Tamper { get; init; }

    /// <summary>Lets time pass, in which fragments that wait may be given up.</summary>
    internal void Pass(WorkerTime now, long timestampNs) => Play([], now, timestampNs);

    /// <summary>Gives offers to the gateway, all at one time, and judges what comes out.</summary>
    internal void Play(List<Offer> offers, WorkerTime now, long timestampNs)
    {
        _timestampNs = timestampNs;
        foreach (Offer offer in offers)
        {
            byte side = offer.Packet.Outbound ? FramePort.Inside : FramePort.Outside;
            if (!_gateway.Inject(side, offer.Frame, _nextWorker))
                Mismatch(offer, "the gateway has no room to receive it");
            _nextWorker = (_nextWorker + 1) % _workers;
        }

        _gateway.Run(now);
        EventDrain.Empty(_gateway);
        if (offers.Count > 1)
            IndexByKey(offers);
        Collect(offers, FramePort.Outside, now);
        Collect(offers, FramePort.Inside, now);
        if (_pieces.IsWaiting)
            Blame(offers, "only some pieces of it came out");
        _pieces.Clear();
        Settle(offers, now);
    }

    /// <summary>At the end nothing may still wait.</summary>
    internal void Finish()
    {
        foreach (Offer offer in _held)
            Mismatch(offer, "neither came out nor was it dropped");
        _held.Clear();
    }

    private void IndexByKey(List<Offer> offers)
    {
        _byKey.Clear();
        foreach (Offer offer in offers)
        {
            if (!_byKey.TryGetValue(offer.Key, out Queue<Offer>? queue))
                _byKey.Add(offer.Key, queue = new Queue<Offer>());
            queue.Enqueue(offer);
        }
    }

    private void Collect(List<Offer> offers, byte side, WorkerTime now)
    {
        while (_gateway.TryCollect(side, _buffer, out int length))
        {
            if (Tamper is not null && !Tamper(side, _buffer.AsSpan(0, length)))
                continue;
            ReadOnlySpan<byte> frame = _buffer.AsSpan(0, length);
            _writers.Write(side, _timestampNs, frame);
            // All offers of a batch without tags, or one offer: the tags of what comes out are known either way.
            ReadOnlySpan<byte> tags = FindTags(frame);
            if (offers.Count == 1 && IsPiece(offers[0], side) && !Whole(offers[0], ref frame, tags.Length))
                continue;
            int subscriber = -1;
            string? problem = side == FramePort.Outside
                ? Access.OpenOutside(frame, tags, out ReadOnlySpan<byte> packet)
                : _access.OpenInside(frame, tags, out subscriber, out packet);
            if (problem is not null)
            {
                Blame(offers, problem);
                continue;
            }

            Came(offers, side, subscriber, packet, tags, now);
        }
    }

    private static bool IsPiece(Offer offer, byte side) =>
        offer.CutBytes != 0 && !offer.IsDone && offer.Packet.Outbound == (side == FramePort.Outside);

    private bool Whole(Offer offer, ref ReadOnlySpan<byte> frame, int tagBytes)
    {
        bool isWhole = _pieces.Add(frame, tagBytes, offer.CutBytes, offer.Packet.Facts!, out string? problem);
        if (problem is not null)
            Mismatch(offer, problem);
        if (!isWhole)
            return false;
        frame = _pieces.Whole;
        _pieces.Clear();
        return true;
    }

    private static ReadOnlySpan<byte> FindTags(ReadOnlySpan<byte> frame)
    {
        int end = 12;
        while (end + 4 < frame.Length && Wire.EtherTypes.IsTag(NetworkBytes.Read16(frame, end)))
            end += 4;
        return frame.Length > 12 ? frame[12..end] : default;
    }

    private void Came(
        List<Offer> offers, byte side, int subscriber, ReadOnlySpan<byte> packet, ReadOnlySpan<byte> tags,
        WorkerTime now)
    {
        PacketFacts facts = PacketFacts.Of(packet);
        Offer? offer = offers.Count > 1 ? ByKey(side, subscriber, facts) : offers.Count == 1 ? offers[0] : null;
        if (offer is not null && (offer.IsDone || !Fits(offer, side, subscriber, facts)))
            offer = null;
        if (offer is null && offers.Count == 1 && !offers[0].Verdict.MayDrop.IsEmpty
            && IcmpAnswer.IsAbout(offers[0], side, packet, facts))
        {
            _report.Answers++;
            return;
        }

        offer ??= FromHeld(side, subscriber, packet, facts, now);
        if (offer is null)
        {
            Blame(offers, $"something else came out: {Convert.ToHexString(packet[..Math.Min(packet.Length, 48)])}");
            return;
        }

        offer.IsDone = true;
        _report.Forwarded += offer.Packet.Outbound ? 1 : 0;
        _report.Returned += offer.Packet.Outbound ? 0 : 1;
        string? problem = _judge.Judge(offer, packet, facts, now.NowNs, commit: true);
        if (problem is null && offer.Verdict.MustDrop)
            problem = $"it came out, but {offer.Verdict.MayDrop} was expected";
        if (problem is null && !tags.SequenceEqual(offer.Packet.Captured.Tags))
        {
            problem = $"VLAN tags: expected {Convert.ToHexString(offer.Packet.Captured.Tags)}, came "
                + Convert.ToHexString(tags);
        }

        if (problem is not null)
            Mismatch(offer, problem);
    }

    private static bool Fits(Offer offer, byte side, int subscriber, PacketFacts facts)
    {
        PacketFacts expected = offer.Packet.Facts!;
        bool isSide = offer.Packet.Outbound == (side == FramePort.Outside);
        bool isWhose = subscriber < 0 || subscriber == offer.Subscriber;
        return isSide && isWhose && expected.Protocol == facts.Protocol
            && expected.FragmentOffset == facts.FragmentOffset
            && expected.MoreFragments == facts.MoreFragments && expected.Length == facts.Length
            && (expected.Kind != PacketKind.Error || facts.Kind == PacketKind.Error);
    }

    private Offer? ByKey(byte side, int subscriber, PacketFacts facts)
    {
        ulong key = side == FramePort.Outside
            ? OfferMaker.KeyOutside(facts.Source, facts.SourcePort, facts.Protocol)
            : OfferMaker.KeyInside(subscriber, facts.Destination, facts.DestinationPort, facts.Protocol);
        return _byKey.TryGetValue(key, out Queue<Offer>? queue) && queue.TryDequeue(out Offer? offer) ? offer : null;
    }

    // A fragment that waited for the first of its packet comes out with it.
    private Offer? FromHeld(byte side, int subscriber, ReadOnlySpan<byte> packet, PacketFacts facts, WorkerTime now)
    {
        for (int index = 0; index < _held.Count; index++)
        {
            Offer offer = _held[index];
            if (!Fits(offer, side, subscriber, facts)
                || _judge.Judge(offer, packet, facts, now.NowNs, commit: false) is not null)
                continue;
            _held.RemoveAt(index);
            return offer;
        }

        return null;
    }

    // What did not come out was dropped, and the gateway says why; or it waits, if it is a fragment.
    private void Settle(List<Offer> offers, WorkerTime now)
    {
        long[] after = new long[_drops.Length];
        ReadDrops(after);
        foreach (Offer offer in offers)
        {
            if (!offer.IsDone)
                Missing(offer, after);
        }

        for (int reason = 0; reason < after.Length; reason++)
        {
            for (; _drops[reason] < after[reason]; _drops[reason]++)
            {
                if (!GiveUp((DropReason)reason, now))
                    _report.Mismatch(_file, $"{(DropReason)reason}: a drop that no packet explains");
            }
        }
    }

    private void Missing(Offer offer, long[] after)
    {
        for (int reason = 0; reason < after.Length; reason++)
        {
            if (_drops[reason] >= after[reason] || !offer.Verdict.MayDrop.Has((DropReason)reason))
                continue;
            _drops[reason]++;
            return;
        }

        if (offer.Packet.Datagram is not null)
        {
            _held.Add(offer);
            return;
        }

        int wrong = 0;
        while (wrong < after.Length && _drops[wrong] >= after[wrong])
            wrong++;
        if (wrong == after.Length)
        {
            Mismatch(offer, $"it neither came out nor was it dropped; {Expected(offer)}");
            return;
        }

        _drops[wrong]++;
        Mismatch(offer, $"dropped: {(DropReason)wrong}; {Expected(offer)}");
    }

    private static string Expected(Offer offer) =>
        offer.Verdict.MustDrop ? $"{offer.Verdict.MayDrop} was expected" : "it should have come out";

    // Of the fragments that wait, the oldest that this reason is right for.
    private bool GiveUp(DropReason reason, WorkerTime now)
    {
        int index = _held.FindIndex(offer => offer.NowNs <= now.NowNs && offer.Verdict.MayDrop.Has(reason));
        if (index < 0)
            return false;
        _held.RemoveAt(index);
        return true;
    }

    private void ReadDrops(long[] counts)
    {
        for (int reason = 1; reason < counts.Length; reason++)
            counts[reason] = _gateway.Drops((DropReason)reason);
    }

    private void Blame(List<Offer> offers, string problem)
    {
        if (offers.Count > 0)
            Mismatch(offers[0], problem);
        else
            _report.Mismatch(_file, problem);
    }

    private void Mismatch(Offer offer, string problem) => _report.Mismatch(
        $"{_file}:{offer.Packet.Captured.Number}",
        $"{(offer.Packet.Outbound ? "outbound" : "inbound")}, subscriber {offer.Subscriber}: {problem}");
}
