using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Model.Tests.Nat;
using Cgn.Model.Tests.Running;

namespace Cgn.Model.Tests.Traffic;

// Packets cut, put in softwires, shuffled, damaged; and what is about other packets.
internal sealed partial class Maker
{
    private List<(byte Side, byte[] Frame)> InPieces(Operation o, byte side, byte[] packet, bool isDsLite, int number)
    {
        List<byte[]> packets = o[Field.Pieces] == 0 || packet.Length < 44
            ? [packet]
            : Disturb(o, PacketMaker.Cut(packet, o[Field.Pieces] == 7 ? 40 : o[Field.Pieces] + 1));
        Dice dice = new((ulong)o[Field.Order]);
        packets = Shuffle(packets, o, dice);
        List<(byte, byte[])> frames = [];
        foreach (byte[] piece in packets)
        {
            Break(o, piece);
            if (!isDsLite)
                frames.Add((side, PacketMaker.Frame(piece)));
            else
                frames.AddRange(Softwire(o, piece, number, dice).Select(frame => (side, frame)));
        }

        // The last of several comes later, or never.
        if (frames.Count > 1 && o[Field.Order] % 8 == 7)
        {
            Remember(_late, frames[^1]);
            frames.RemoveAt(frames.Count - 1);
        }

        return [.. frames.Select(frame => (frame.Item1, Cut(o, frame.Item2)))];
    }

    private static List<byte[]> Disturb(Operation o, List<byte[]> pieces)
    {
        if (o[Field.Pieces] == 7)
            return [.. pieces.Where((_, i) => i % 2 == 0)]; // nothing but holes
        if (o[Field.Fault] == 20 && pieces.Count > 1)
        {
            byte[] moved = (byte[])pieces[1].Clone();
            Bytes.Put16(moved, 6, Bytes.Get16(moved, 6) - 1);
            new Datagram(moved).FillHeaderChecksum();
            pieces.Add(moved);
        }

        if (o[Field.Fault] == 22)
            pieces.Add((byte[])pieces[^1].Clone());
        if (o[Field.Fault] == 23 && pieces.Count > 1)
        {
            // A first fragment that hides what matters.
            byte[] tiny = pieces[0][..(new Datagram(pieces[0]).HeaderLength + 8)];
            Bytes.Put16(tiny, 2, tiny.Length);
            new Datagram(tiny).FillHeaderChecksum();
            pieces[0] = tiny;
        }

        if (o[Field.Fault] == 24 && pieces.Count > 1)
        {
            byte[] far = (byte[])pieces[1].Clone();
            Bytes.Put16(far, 6, 0x1FFF);
            new Datagram(far).FillHeaderChecksum();
            pieces.Add(far);
        }

        return pieces;
    }

    private static List<byte[]> Shuffle(List<byte[]> pieces, Operation o, Dice dice)
    {
        if (o[Field.Order] % 2 == 0)
            return pieces;
        List<byte[]> shuffled = [.. pieces];
        for (int i = shuffled.Count - 1; i > 0; i--)
        {
            int j = dice.Below(i + 1);
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }

        return shuffled;
    }

    private static void Break(Operation o, byte[] packet)
    {
        if (o[Field.Fault] == 1)
            packet[10] ^= 1;
        if (o[Field.Fault] == 17)
            packet[0] = 0x65;
    }

    private static byte[] Cut(Operation o, byte[] frame) => o[Field.Fault] switch
    {
        10 => frame[..^3],
        11 => [.. frame, 1, 2, 3, 4],
        _ => frame,
    };

    private static UInt128 B4Of(Operation o, int number)
    {
        ulong high = ModelConfig.B4High | (uint)number << 8;
        return o[Field.Fault] switch
        {
            6 => new UInt128(0x2001_0DB8_0900_0000, 2),
            19 => new UInt128(ModelConfig.AftrHigh, 1),
            _ => new UInt128(high | (o[Field.B4] == 2 ? 1u : 0), o[Field.B4] == 1 ? 3u : 2),
        };
    }

    private List<byte[]> Softwire(Operation o, byte[] inner, int number, Dice dice)
    {
        UInt128 aftr = new(ModelConfig.AftrHigh, o[Field.B4] == 3 ? 2u : 1);
        if (o[Field.Fault] == 18)
            aftr = new UInt128(ModelConfig.AftrHigh, 9);
        byte tos = s_tos[(o[Field.OuterTos] + o[Field.Tos]) % 6];
        byte[] packet = PacketMaker.Softwire(B4Of(o, number), aftr, 4, inner, tos, o[Field.OuterPieces] == 1);
        if (o[Field.OuterPieces] < 2)
            return [PacketMaker.Frame(packet)];
        List<byte[]> cut = PacketMaker.CutOuter(packet, o[Field.OuterPieces], (uint)_identification);
        return [.. Shuffle(cut, o, dice).Select(PacketMaker.Frame)];
    }

    private List<(byte Side, byte[] Frame)> Late(Operation o)
    {
        (byte Side, byte[] Frame) late = Picked(_late, o);
        if (late.Frame is null)
            return [];
        _late.Remove(late);
        return [late];
    }

    private List<(byte Side, byte[] Frame)> ErrorIn(Operation o)
    {
        byte[]? frame = Picked(_seenOutside, o);
        if (frame is null)
            return [];
        Datagram about = new(frame[14..]);
        byte[] packet = Error(o, about, 0xC6336400 + 200u, about.Source);
        return [(ModelNat.Outside, PacketMaker.Frame(packet))];
    }

    private List<(byte Side, byte[] Frame)> ErrorOut(Operation o)
    {
        byte[]? frame = Picked(_seenInside, o);
        if (frame is null)
            return [];
        bool isDsLite = frame[12] == 0x86;
        if (isDsLite && (frame[14 + 6] != 4 || frame.Length < 14 + 60))
            return [];
        Datagram about = new(frame[(isDsLite ? 54 : 14)..]);
        uint source = o[Field.Host] == 1 && isDsLite ? 0x0A0000FE : about.Destination;
        byte[] packet = Error(o, about, source, about.Source);
        if (isDsLite)
        {
            byte[] wrapped = PacketMaker.Softwire(
                Bytes.Get128(frame, 14 + 24), Bytes.Get128(frame, 14 + 8), 4, packet, 0, limit: true);
            return [(ModelNat.Inside, PacketMaker.Frame(wrapped))];
        }

        return [(ModelNat.Inside, PacketMaker.Frame(packet))];
    }

    private static byte[] Error(Operation o, Datagram about, uint source, uint destination)
    {
        int[] lengths = [28, 36, 60, 548, 1480];
        byte[] quote = about.Bytes[..Math.Min(about.Length, lengths[o[Field.Size] % 5])];
        if (o[Field.Fault] == 1 && quote.Length > 10)
            quote[10] ^= 1;
        if (o[Field.Fault] == 12 && quote.Length > 28)
            quote = WithSourceRoute(quote);
        byte[] types = [3, 11, 12, 3, 4, 5];
        byte[] message = PacketMaker.Icmp(
            types[o[Field.Flags] % 6], (byte)(o[Field.Order] % 5), o[Field.Window] == 0 ? 0u : 1400, quote);
        if (o[Field.Fault] == 2)
            message[2] ^= 1;
        return PacketMaker.Ipv4(
            source, destination, Datagram.Icmp, message, s_ttls[o[Field.Ttl] % 4], s_tos[o[Field.Tos] % 6], 3,
            o[Field.Fragment] == 0 ? 0x4000 : 0, []);
    }

    private static byte[] WithSourceRoute(byte[] quote)
    {
        byte[] routed = [.. quote[..20], 131, 7, 4, 1, 1, 1, 1, 0, .. quote[20..]];
        routed[0] = 0x47;
        new Datagram(routed).FillHeaderChecksum();
        return routed;
    }

    private List<(byte Side, byte[] Frame)> Ping(Operation o)
    {
        Operation echo = o.With(Field.Protocol, 13);
        switch (o[Field.Pick] % 5)
        {
            case 0:
                return Inside(echo, new Endpoint(ModelNat.WellKnownAftr, 0));
            case 1:
                return Inside(echo, new Endpoint(ModelConfig.Pool, 0));
            case 2:
                return Inside(o, new Endpoint(ModelNat.WellKnownAftr, 53));
            case 3 when config.HasDsLite:
                return [(ModelNat.Inside, PacketMaker.Frame(Ping6(o)))];
            default:
                byte[] ping = PacketMaker.Icmp(8, 0, 0x12340001, new byte[40]);
                byte[] packet = PacketMaker.Ipv4(
                    0xC6336401, ModelConfig.Pool + (uint)(o[Field.Port] % 3), 1, ping, s_ttls[o[Field.Ttl] % 4], 0, 9,
                    o[Field.Fragment] == 0 ? 0x4000 : 0, []);
                return [(ModelNat.Outside, PacketMaker.Frame(packet))];
        }
    }

    private static byte[] Ping6(Operation o)
    {
        byte[] message = PacketMaker.Icmp(128, 0, 0x00070001, new byte[30]);
        byte[] packet = PacketMaker.Softwire(
            B4Of(o, o[Field.Who]), new UInt128(ModelConfig.AftrHigh, 1), 58, message, 0, limit: false);
        uint pseudo = Bytes.Sum(packet, 8, 40, (uint)message.Length + 58);
        Bytes.Put16(packet, 42, 0);
        Bytes.Put16(packet, 42, Bytes.Checksum(packet, 40, packet.Length, pseudo));
        if (o[Field.Fault] == 2)
            packet[^1] ^= 1;
        return packet;
    }

    private static List<(byte Side, byte[] Frame)> Odd(Operation o)
    {
        byte side = (byte)(o[Field.Host] % 2);
        byte[] frame = PacketMaker.Frame(PacketMaker.Softwire(
            B4Of(o, o[Field.Who]), new UInt128(ModelConfig.AftrHigh, 1), (byte)(o[Field.Port] == 0 ? 41 : 59),
            new byte[24], 0, limit: o[Field.Remote] == 1));
        switch (o[Field.Pick] % 4)
        {
            case 0:
                frame[12] = 8;
                frame[13] = 6;
                break;
            case 1:
                frame = frame[..(o[Field.Order] % 40)];
                break;
            case 2:
                frame[14] = 0x45;
                break;
        }

        return [(side, frame)];
    }
}
