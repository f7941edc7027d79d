using System;
using System.Collections.Generic;

using Cgn.Contract.Counting;
using Cgn.Contract.Records;

namespace Cgn.Model.Tests.Nat;

// Frames as they leave.
internal sealed partial class ModelNat
{
    // The simulated gateway's neighbours.
    private static readonly byte[] s_softwireLink = [2, 0, 0, 0, 0, 0x11, 2, 0, 0, 0, 0, 0x01, 0x86, 0xDD];
    private static readonly byte[] s_insideLink = [2, 0, 0, 0, 0, 0x11, 2, 0, 0, 0, 0, 0x01, 8, 0];
    private static readonly byte[] s_outsideLink = [2, 0, 0, 0, 0, 0x12, 2, 0, 0, 0, 0, 0x02, 8, 0];

    // An answer goes back to the neighbour that asked.
    private static byte[] Answered(byte[] link) => [.. link[6..12], .. link[..6], .. link[12..]];

    private void EmitAnswer(Parcel c, Datagram answer, bool split)
    {
        byte[] link = Answered(c.Link);
        if (c.Side == Inside && c.Kind == SubscriberKind.DsLite)
        {
            byte[] packet = Wrap(answer, c.B4, c.Aftr);
            if (split)
                EmitOuter(link, packet, null, null, 0);
            else
                _expected.Add(new Expected(Inside, [.. link, .. packet]));
        }
        else
        {
            _expected.Add(new Expected(c.Side, [.. link, .. answer.Bytes]));
        }
    }

    private void EmitIpv4(
        byte side, byte[] link, Datagram p, int mtu, Unknown? identification, int quoteAt = 0)
    {
        foreach (Datagram piece in InPieces(p, mtu))
            Emit(side, link, piece, identification, quoteAt);
    }

    // Whole, or in as few pieces as the link allows, in order (RFC 791, RFC 1812 4.2.2.7).
    private List<Datagram> InPieces(Datagram p, int mtu)
    {
        if (p.Length <= mtu)
            return [p];
        List<Datagram> pieces = [];
        int first = (mtu - p.HeaderLength) / 8 * 8;
        byte[] options = CopiedOptions(p.Bytes[20..p.HeaderLength]);
        int each = (mtu - 20 - options.Length) / 8 * 8;
        int from = 0;
        for (int size = first; from < p.PayloadLength; size = each)
        {
            int to = Math.Min(p.PayloadLength, from + size);
            byte[] header = from == 0 ? p.Bytes[..p.HeaderLength] : [.. p.Bytes[..20], .. options];
            Datagram piece = new([.. header, .. p.Bytes[(p.HeaderLength + from)..(p.HeaderLength + to)]]);
            piece.Bytes[0] = (byte)(0x40 | (header.Length / 4));
            Bytes.Put16(piece.Bytes, 2, piece.Length);
            bool more = to < p.PayloadLength || p.More;
            Bytes.Put16(piece.Bytes, 6, ((p.Offset + from) / 8) | (more ? 0x2000 : 0));
            piece.FillHeaderChecksum();
            pieces.Add(piece);
            Count(CounterId.Split, from == 0 ? 0 : 1);
            from = to;
        }

        return pieces;
    }

    private void Emit(byte side, byte[] link, Datagram p, Unknown? identification, int quoteAt = 0) =>
        _expected.Add(new Expected(side, [.. link, .. p.Bytes])
        {
            Identification = identification,
            Ipv4At = link.Length + quoteAt,
        });

    // Options that every fragment has (RFC 791 3.1).
    private static byte[] CopiedOptions(byte[] options)
    {
        List<byte> copied = [];
        for (int at = 0; at < options.Length && options[at] != 0;)
        {
            int size = options[at] == 1 ? 1 : options[at + 1];
            if ((options[at] & 0x80) != 0)
                copied.AddRange(options[at..(at + size)]);
            at += size;
        }

        while (copied.Count % 4 != 0)
            copied.Add(0);
        return [.. copied];
    }
}
