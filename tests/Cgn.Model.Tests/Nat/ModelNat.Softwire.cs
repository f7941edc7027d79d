using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;

namespace Cgn.Model.Tests.Nat;

// Softwires: opened, put together, and packets given one.
internal sealed partial class ModelNat
{
    private readonly Dictionary<(UInt128 B4, UInt128 Aftr, uint Id), OuterPacket> _outer = [];

    private void Softwire(byte[] link, byte[] packet)
    {
        int length = packet.Length < 40 ? 0 : 40 + Bytes.Get16(packet, 4);
        if (length == 0 || length > packet.Length)
        {
            Drop(length != 0 && packet[0] >> 4 != 6 ? DropReason.BadIpv6Header : DropReason.Truncated);
            return;
        }

        packet = packet[..length];
        UInt128 b4 = Bytes.Get128(packet, 8);
        int aftr = AftrNumber(Bytes.Get128(packet, 24));
        if (packet[0] >> 4 != 6 || aftr < 0)
        {
            Drop(packet[0] >> 4 != 6 ? DropReason.BadIpv6Header : DropReason.NotOurs);
            return;
        }

        // One header of destination options may stand before the packet or before a fragment (RFC 2473 4.1.1).
        bool hasOptions = packet[6] == 60 && length >= 48 && packet[41] == 0;
        byte next = hasOptions ? packet[40] : packet[6];
        int at = hasOptions ? 48 : 40;
        if (next == 4)
            Inner(link, packet, at, b4, aftr);
        else if (next == 58)
            Ping6(link, packet, at, b4);
        else if (AftrNumber(b4) >= 0)
            Drop(DropReason.Loop);
        else if (!IsSoftwireSource(b4))
            Drop(DropReason.UnknownSoftwireSource);
        else if (next == 44)
            OuterFragment(link, packet, at, hasOptions ? 40 : 6);
        else
            NotSoftwire(link, packet, next, hasOptions ? 40 : 6);
    }

    // What a softwire does not carry is told its sender (RFC 8200 section 4), unless nothing follows (4.7).
    private void NotSoftwire(byte[] link, byte[] packet, byte next, int pointer)
    {
        Drop(DropReason.NotSoftwire);
        if (next != 59)
            Tell(link, packet, 4, 1, (uint)pointer);
    }

    // An ICMPv6 error, with as much of the packet as fits into 1,280 bytes (RFC 4443 2.4).
    private void Tell(byte[] link, byte[] packet, byte type, byte code, uint rest)
    {
        byte[] answer = [.. new byte[48], .. packet[..Math.Min(packet.Length, 1232)]];
        byte tos = (byte)(((packet[0] << 4) | (packet[1] >> 4)) & 0xFC);
        Bytes.Put32(answer, 0, (6u << 28) | ((uint)tos << 20));
        Bytes.Put16(answer, 4, answer.Length - 40);
        answer[6] = 58;
        answer[7] = 64;
        packet.AsSpan(24, 16).CopyTo(answer.AsSpan(8));
        packet.AsSpan(8, 16).CopyTo(answer.AsSpan(24));
        answer[40] = type;
        answer[41] = code;
        Bytes.Put32(answer, 44, rest);
        uint pseudo = Bytes.Sum(answer, 8, 40, (uint)(answer.Length - 40) + 58);
        Bytes.Put16(answer, 42, Bytes.Checksum(answer, 40, answer.Length, pseudo));
        Count(CounterId.Originated);
        _expected.Add(new Expected(Inside, [.. Answered(link), .. answer]));
    }

    private void Inner(byte[] link, byte[] packet, int at, UInt128 b4, int aftr)
    {
        DropReason refusal = Check(packet[at..], out Datagram? inner);
        if (inner is null)
        {
            Drop(refusal);
            return;
        }

        FromInside(new Parcel
        {
            Packet = inner,
            Side = Inside,
            Kind = SubscriberKind.DsLite,
            Key = MaskedKey(b4),
            B4 = b4,
            Aftr = aftr,
            OuterTos = (byte)((packet[0] << 4) | (packet[1] >> 4)),
            Link = link,
        });
    }

    // An AFTR address answers a ping (RFC 4443 4.2).
    private void Ping6(byte[] link, byte[] packet, int at, UInt128 b4)
    {
        uint pseudo = Bytes.Sum(packet, 8, 40, (uint)(packet.Length - at) + 58);
        if (packet.Length - at < 8 || Bytes.Sum(packet, at, packet.Length, pseudo) != 0xFFFF)
        {
            Drop(DropReason.BadTransportHeader);
            return;
        }

        if (packet[at] != 128 || (b4 >> 120) == 0xFF || b4 == 0)
        {
            Drop(DropReason.UnsupportedIcmpv6);
            return;
        }

        if (b4 == Bytes.Get128(packet, 24))
        {
            Drop(DropReason.Loop);
            return;
        }

        byte[] answer = [.. new byte[40], .. packet[at..]];
        answer[0] = 0x60;
        Bytes.Put16(answer, 4, answer.Length - 40);
        answer[6] = 58;
        answer[7] = 64;
        packet.AsSpan(24, 16).CopyTo(answer.AsSpan(8));
        packet.AsSpan(8, 16).CopyTo(answer.AsSpan(24));
        answer[40] = 129;
        Bytes.Put16(answer, 42, 0);
        Bytes.Put16(answer, 42, Bytes.Checksum(answer, 40, answer.Length, pseudo));
        Count(CounterId.Consumed);
        Count(CounterId.Originated);
        EmitOuter(Answered(link), answer, null, null, 0);
    }

    private void OuterFragment(byte[] link, byte[] packet, int at, int nextAt)
    {
        Count(CounterId.FragmentsSeenIpv6);
        if (packet.Length - at < 8)
        {
            Drop(DropReason.BadIpv6Header);
            return;
        }

        int offset = Bytes.Get16(packet, at + 2) & 0xFFF8;
        bool more = (packet[at + 3] & 1) != 0;
        byte[] payload = packet[(at + 8)..];
        DropReason refusal = more && payload.Length % 8 != 0 ? DropReason.FragmentTooLong
            : payload.Length == 0 || (offset == 0 && packet[at] == 4 && payload.Length < 20) ? DropReason.FragmentTiny
            : DropReason.None;
        if (refusal != DropReason.None)
        {
            Drop(refusal);
            return;
        }

        OuterPiece piece = new(link, packet, at, nextAt, offset, !more, payload);
        if (offset == 0 && !more)
        {
            // Nobody else's business (RFC 6946).
            Softwire(link, OuterPacket.Rebuild(piece, payload));
            return;
        }

        (UInt128, UInt128, uint) key = (Bytes.Get128(packet, 8), Bytes.Get128(packet, 24), Bytes.Get32(packet, at + 4));
        if (!_outer.TryGetValue(key, out OuterPacket? whole) || _tick - whole.FirstSeen >= 600)
        {
            ExpireOuter();
            _outer[key] = whole = new OuterPacket { FirstSeen = _tick };
        }

        Gather(key, whole, piece);
    }

    private void Gather((UInt128, UInt128, uint) key, OuterPacket whole, OuterPiece piece)
    {
        if (whole.Refusal == DropReason.None && !whole.Admits(piece))
        {
            EndOuter(whole, DropReason.FragmentOverlap);
            whole.Refusal = DropReason.FragmentOverlap;
        }

        if (whole.Refusal != DropReason.None)
        {
            Drop(whole.Refusal);
            return;
        }

        whole.Pieces.Add(piece);
        byte[]? complete = whole.TryComplete();
        if (complete is null)
        {
            Count(CounterId.Held);
            return;
        }

        Count(CounterId.Held, 1 - whole.Pieces.Count);
        Count(CounterId.Merged, whole.Pieces.Count - 1);
        Count(CounterId.Reassembled);
        _outer.Remove(key);
        Softwire(whole.Pieces[0].Link, complete);
    }

    private void EndOuter(OuterPacket whole, DropReason reason)
    {
        Count(CounterId.Held, -whole.Pieces.Count);
        if (reason == DropReason.FragmentTimeout && whole.Pieces.Count > 0)
            Count(CounterId.ReassemblyTimeouts);
        for (int i = 0; i < whole.Pieces.Count; i++)
            Drop(reason);
        whole.Pieces.Clear();
    }

    private void ExpireOuter()
    {
        foreach (var old in _outer.Where(entry => _tick - entry.Value.FirstSeen >= 600).ToList())
        {
            OuterPiece? first = old.Value.Pieces.Find(piece => piece.Offset == 0);
            EndOuter(old.Value, DropReason.FragmentTimeout);
            _outer.Remove(old.Key);
            // RFC 8200 4.5: who sent it is told, if the first piece has come.
            if (first is not null)
                Tell(first.Link, first.Packet, 3, 1, 0);
        }
    }

    private byte OuterClass(byte tos) => (byte)(_settings.TrafficClass < 0
        ? tos : (_settings.TrafficClass << 2) | (tos & 3));

    private byte[] Wrap(Datagram inner, UInt128 b4, int aftr)
    {
        byte[] packet = [.. new byte[40], .. inner.Bytes];
        Bytes.Put32(packet, 0, (6u << 28) | ((uint)OuterClass(inner.Tos) << 20));
        Bytes.Put16(packet, 4, inner.Length);
        packet[6] = 4;
        packet[7] = 64;
        Bytes.Put128(packet, 8, new UInt128(_config.AftrAddresses[aftr].High, _config.AftrAddresses[aftr].Low));
        Bytes.Put128(packet, 24, b4);
        return packet;
    }

    // A softwire packet leaves whole, or in outer fragments (RFC 6333 5.3).
    private void EmitOuter(byte[] link, byte[] packet, Unknown? label, Unknown? identification, int ipv4At)
    {
        if (packet.Length <= _settings.TunnelMtu)
        {
            _expected.Add(new Expected(Inside, [.. link, .. packet])
            {
                Label = label,
                Identification = identification,
                Ipv4At = ipv4At,
            });
            return;
        }

        int each = (_settings.TunnelMtu - 48) / 8 * 8;
        Unknown outer = new();
        for (int from = 40; from < packet.Length; from += each)
        {
            int to = Math.Min(packet.Length, from + each);
            byte[] piece = [.. packet[..40], packet[6], 0, 0, 0, 0, 0, 0, 0, .. packet[from..to]];
            Bytes.Put16(piece, 4, piece.Length - 40);
            piece[6] = 44;
            Bytes.Put16(piece, 42, (from - 40) | (to < packet.Length ? 1 : 0));
            _expected.Add(new Expected(Inside, [.. link, .. piece])
            {
                Label = label,
                OuterIdentification = outer,
                Identification = from == 40 ? identification : null,
                Ipv4At = from == 40 && identification is not null ? ipv4At + 8 : 0,
            });
            Count(CounterId.Split, from == 40 ? 0 : 1);
        }
    }
}
