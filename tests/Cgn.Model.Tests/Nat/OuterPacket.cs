using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;

namespace Cgn.Model.Tests.Nat;

/// <summary>Outer fragments that wait for each other.</summary>
internal sealed class OuterPacket
{
    public required uint FirstSeen { get; init; }

    public DropReason Refusal { get; set; }

    public List<OuterPiece> Pieces { get; } = [];

    /// <summary>The packet that pieces make: the first one's headers, without the fragment header.</summary>
    public static byte[] Rebuild(OuterPiece first, byte[] payload)
    {
        byte[] packet = [.. first.Packet[..first.HeaderAt], .. payload];
        packet[first.NextAt] = first.Packet[first.HeaderAt];
        Bytes.Put16(packet, 4, packet.Length - 40);
        return packet;
    }

    /// <summary>No byte comes twice and none behind the last (RFC 5722); the same piece once more does no harm.
    /// </summary>
    public bool Admits(OuterPiece piece)
    {
        OuterPiece? last = Pieces.Find(other => other.IsLast);
        if (piece.IsLast ? Pieces.Any(other => other.End > piece.End) || (last is not null && last.End != piece.End)
            : last is not null && piece.End > last.End)
            return false;
        return Pieces.Where(other => other.Offset < piece.End && piece.Offset < other.End).All(other =>
            other.Offset == piece.Offset && other.End == piece.End && other.IsLast == piece.IsLast
            && other.Payload.SequenceEqual(piece.Payload));
    }

    public byte[]? TryComplete()
    {
        int at = 0;
        List<byte> payload = [];
        foreach (OuterPiece piece in Pieces.DistinctBy(piece => piece.Offset).OrderBy(piece => piece.Offset))
        {
            if (piece.Offset != at)
                return null;
            payload.AddRange(piece.Payload);
            at = piece.End;
            if (!piece.IsLast)
                continue;
            byte[] packet = Rebuild(Pieces.Find(first => first.Offset == 0)!, [.. payload]);
            // Congestion that any of them met, the packet met (RFC 3168 5.3).
            if (Pieces.Any(other => (other.Packet[1] >> 4 & 3) == 3))
                packet[1] |= 0x30;
            return packet;
        }

        return null;
    }
}
