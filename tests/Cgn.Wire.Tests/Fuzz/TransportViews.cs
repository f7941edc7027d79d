using System;

namespace Cgn.Wire.Tests.Fuzz;

/// <summary>Every transport, with any bytes.</summary>
internal static class TransportViews
{
    public static void All(ref Digest digest, ReadOnlySpan<byte> data, byte hostile)
    {
        Tcp(ref digest, data.ToArray(), hostile);
        Udp(ref digest, data.ToArray(), hostile);
        Sctp(ref digest, data.ToArray(), hostile);
        Gre(ref digest, data.ToArray(), hostile);
        DccpAndEsp(ref digest, data.ToArray(), hostile);
        UdpLite(ref digest, data.ToArray(), hostile);
    }

    private static void Tcp(ref Digest digest, byte[] bytes, byte hostile)
    {
        if (!TcpView.TryOpen(bytes, out TcpView view, out WireRefusal refusal))
        {
            digest.Refused(refusal);
            return;
        }

        for (int round = 0; round < 2; round++)
        {
            digest.Add(view.SourcePort + view.DestinationPort + view.Window + view.Checksum + view.UrgentPointer);
            digest.Add(view.Sequence + view.Acknowledgment + (int)view.Flags + view.SequenceLength);
            TcpOptions options = view.ReadOptions();
            digest.Add(options.Mss + options.MssOffset + options.WindowScale + (options.IsMalformed ? 1 : 0));
            if (options.MssOffset + 2 > view.HeaderLength || options.WindowScale > 14)
                throw new InvalidOperationException("An option lies outside its header.");
            digest.Add(view.Options);
            digest.Add(view.Payload);
            // 0xFFFF and 0x0000 are one value, so sums are compared as such.
            int before = Checksum.Sum(bytes) % 0xFFFF;
            view.ClampMss((ushort)(hostile * 4));
            if (Checksum.Sum(bytes) % 0xFFFF != before)
                throw new InvalidOperationException("Clamping has changed the sum.");
            Array.Fill(bytes, hostile);
        }
    }

    private static void Udp(ref Digest digest, byte[] bytes, byte hostile)
    {
        if (!UdpView.TryOpen(bytes, out UdpView view, out WireRefusal refusal))
        {
            digest.Refused(refusal);
            if (!UdpView.TryOpenFirstFragment(bytes, out view, out refusal))
            {
                digest.Refused(refusal);
                return;
            }
        }

        for (int round = 0; round < 2; round++)
        {
            digest.Add(view.SourcePort + view.DestinationPort + view.Length + view.Checksum);
            digest.Add(view.Payload);
            digest.Add(view.Datagram.Length);
            view.Length = (ushort)(hostile * 257);
            view.SourcePort = hostile;
            view.DestinationPort = hostile;
            Checksum.FillUdp(view.Datagram, hostile);
            if (view.Checksum == 0 || !Checksum.IsUdpRight(view.Datagram, hostile))
                throw new InvalidOperationException("A filled checksum is wrong.");
        }
    }

    private static void Sctp(ref Digest digest, byte[] bytes, byte hostile)
    {
        if (!SctpView.TryOpen(bytes, out SctpView view, out WireRefusal refusal))
        {
            digest.Refused(refusal);
            return;
        }

        digest.Add(view.SourcePort + view.DestinationPort + view.VerificationTag);
        view.SourcePort = hostile;
        view.DestinationPort = hostile;
        Crc32c.FillSctp(view.Packet);
        if (!Crc32c.IsSctpRight(view.Packet))
            throw new InvalidOperationException("A filled checksum is wrong.");
    }

    private static void Gre(ref Digest digest, byte[] bytes, byte hostile)
    {
        if (!GreView.TryOpen(bytes, out GreView view, out WireRefusal refusal))
        {
            digest.Refused(refusal);
            return;
        }

        for (int round = 0; round < 2; round++)
        {
            digest.Add(view.Version + view.ProtocolType + view.Key + view.CallId + (view.IsPptp ? 1 : 0));
            digest.Add(view.Payload);
            view.CallId = hostile;
            Array.Fill(bytes, hostile);
        }
    }

    private static void DccpAndEsp(ref Digest digest, byte[] bytes, byte hostile)
    {
        if (EspView.TryOpen(bytes, out EspView esp, out WireRefusal refusal))
            digest.Add(esp.Spi + esp.Sequence);
        else
            digest.Refused(refusal);
        if (!DccpView.TryOpen(bytes, out DccpView dccp, out refusal))
        {
            digest.Refused(refusal);
            return;
        }

        digest.Add(dccp.SourcePort + dccp.DestinationPort + dccp.Checksum + dccp.Type);
        dccp.SourcePort = hostile;
        dccp.DestinationPort = hostile;
        dccp.Checksum = hostile;
    }

    private static void UdpLite(ref Digest digest, byte[] bytes, byte hostile)
    {
        if (!UdpLiteView.TryOpen(bytes, out UdpLiteView view, out WireRefusal refusal))
        {
            digest.Refused(refusal);
            return;
        }

        for (int round = 0; round < 2; round++)
        {
            digest.Add(view.SourcePort + view.DestinationPort + view.Coverage + view.Checksum);
            digest.Add(view.CoveredBytes);
            view.SourcePort = hostile;
            view.DestinationPort = hostile;
            view.Checksum = hostile;
            Array.Fill(bytes, hostile);
        }
    }
}
