using System;

namespace Cgn.Wire.Tests.Fuzz;

/// <summary>ICMP, ICMPv6 and quoted packets, with any bytes.</summary>
internal static class IcmpViews
{
    public static void All(ref Digest digest, ReadOnlySpan<byte> data, byte hostile)
    {
        Icmp(ref digest, data.ToArray(), hostile);
        Icmpv6(ref digest, data.ToArray(), hostile);
        byte[] bytes = data.ToArray();
        Quote(ref digest, bytes, bytes, hostile);
    }

    private static void Icmp(ref Digest digest, byte[] bytes, byte hostile)
    {
        if (!IcmpView.TryOpen(bytes, out IcmpView view, out WireRefusal refusal))
        {
            digest.Refused(refusal);
            return;
        }

        for (int round = 0; round < 2; round++)
        {
            digest.Add((int)view.Type + view.Code + view.Checksum + view.Identifier + view.Sequence);
            digest.Add(view.NextHopMtu + view.Pointer + view.QuoteLengthBytes + (view.IsChecksumRight ? 1 : 0));
            digest.Add((view.IsQuery ? 1 : 0) + (view.IsReply ? 2 : 0) + (view.IsError ? 4 : 0));
            digest.Add(view.Extensions);
            if (view.IsError && view.QuotedPacket.Length + view.Extensions.Length != view.Payload.Length)
                throw new InvalidOperationException("Quote and extensions do not make up the payload.");
            Quote(ref digest, bytes, view.QuotedPacket, hostile);
            view.Identifier = (ushort)(hostile * 257);
            view.Sequence = hostile;
            view.NextHopMtu = hostile;
            view.Code = hostile;
            view.Type = (IcmpType)(hostile & 0x0F);
        }
    }

    private static void Icmpv6(ref Digest digest, byte[] bytes, byte hostile)
    {
        if (!Icmpv6View.TryOpen(bytes, out Icmpv6View view, out WireRefusal refusal))
        {
            digest.Refused(refusal);
            return;
        }

        for (int round = 0; round < 2; round++)
        {
            digest.Add((int)view.Type + view.Code + view.Checksum + view.Identifier + view.Sequence);
            digest.Add(view.Mtu + view.Pointer + view.QuoteLengthBytes + (view.IsError ? 1 : 0));
            digest.Add(view.IsChecksumRight(default, default) ? 1 : 0);
            digest.Add(view.QuotedPacket);
            digest.Add(view.Payload);
            view.Mtu = hostile * 0x01010101u;
            view.Type = (Icmpv6Type)(hostile & 0x83);
        }
    }

    private static void Quote(ref Digest digest, byte[] whole, Span<byte> quote, byte hostile)
    {
        if (!EmbeddedPacketView.TryOpen(quote, out EmbeddedPacketView view, out WireRefusal refusal))
        {
            digest.Refused(refusal);
            return;
        }

        for (int round = 0; round < 2; round++)
        {
            digest.Add((int)view.Protocol + view.TotalLength + view.HeaderChecksum + view.TransportChecksum);
            digest.Add(view.Source.Value + view.Destination.Value + view.SourcePort + view.DestinationPort);
            digest.Add((int)view.IcmpType + view.IcmpIdentifier + view.TransportOffset);
            digest.Add((view.DontFragment ? 1 : 0) + (view.IsFirstFragment ? 2 : 0));
            digest.Add(view.IsHeaderChecksumRight ? 1 : 0);
            digest.Add(view.Transport);
            if (view.Header.Length + view.Transport.Length != quote.Length || view.Transport.Length < 8)
                throw new InvalidOperationException("The parts of a quote do not make up the whole.");
            view.TransportChecksum = hostile;
            view.HeaderChecksum = hostile;
            view.IcmpIdentifier = hostile;
            view.SourcePort = hostile;
            view.DestinationPort = hostile;
            Array.Fill(whole, hostile);
        }
    }
}
