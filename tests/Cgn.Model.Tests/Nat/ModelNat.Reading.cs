using System;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Records;

namespace Cgn.Model.Tests.Nat;

// What a frame is, and what is no packet at all.
internal sealed partial class ModelNat
{
    private const ushort EchoRequest = 8;

    private enum Sort
    {
        Flow,
        Fragment,
        IcmpError,
        EchoFromOutside,
    }

    private static DropReason Check(byte[] bytes, out Datagram? packet)
    {
        packet = null;
        if (bytes.Length < 20)
            return DropReason.Truncated;
        int header = (bytes[0] & 15) * 4;
        if (bytes[0] >> 4 != 4 || header < 20)
            return DropReason.BadIpv4Header;
        if (header > bytes.Length)
            return DropReason.Truncated;
        int total = Bytes.Get16(bytes, 2);
        bool sumIsRight = Bytes.Sum(bytes, 0, header) == 0xFFFF;
        if (header > 20)
        {
            if (!sumIsRight)
                return DropReason.BadIpv4Checksum;
            if (HasSourceRoute(bytes[20..header]))
                return DropReason.SourceRoute;
        }

        if (total < header)
            return DropReason.BadIpv4Header;
        if (total > bytes.Length)
            return DropReason.Truncated;
        if (!sumIsRight)
            return DropReason.BadIpv4Checksum;
        packet = new Datagram(bytes[..total]);
        return DropReason.None;
    }

    private static bool HasSourceRoute(byte[] options)
    {
        for (int at = 0; at < options.Length && options[at] != 0;)
        {
            if (options[at] is 131 or 137)
                return true;
            int size = options[at] == 1 ? 1 : at + 1 < options.Length ? options[at + 1] : 0;
            if (size == 0 || (size == 1 && options[at] != 1))
                return false;
            at += size;
        }

        return false;
    }

    // The transport header, as far as a NAT must understand it.
    private static DropReason Classify(Parcel parcel, bool outbound, out Sort sort)
    {
        Datagram p = parcel.Packet;
        sort = p.IsFragment ? Sort.Fragment : Sort.Flow;
        if (p.IsFragment && (parcel.Ports is not null || p.IsLater))
            return DropReason.None;
        int length = p.PayloadLength;
        switch (p.Protocol)
        {
            case Datagram.Tcp:
                bool isShort = length < 8 || (length < 20 && !p.IsFragment);
                int header = length >= 20 ? (p.Bytes[p.HeaderLength + 12] >> 4) * 4 : 20;
                return isShort || header < 20 || (header > length && !p.IsFragment)
                    ? DropReason.BadTransportHeader : DropReason.None;
            case Datagram.Udp or Datagram.UdpLite:
                return length < 8 ? DropReason.BadTransportHeader : DropReason.None;
            case Datagram.Dccp:
                return length < 8 || (!p.IsFragment && !IsDccp(p))
                    ? DropReason.BadTransportHeader : DropReason.None;
            case Datagram.Icmp:
                return length < 8 ? DropReason.BadTransportHeader : ClassifyIcmp(p, outbound, ref sort);
            default:
                return DropReason.None;
        }
    }

    // RFC 4340 5.1: twelve bytes or, with long sequence numbers, sixteen; the data begins behind them.
    private static bool IsDccp(Datagram p)
    {
        if (p.PayloadLength < 12)
            return false;
        int data = p.Bytes[p.HeaderLength + 4] * 4;
        return data >= ((p.Bytes[p.HeaderLength + 8] & 1) != 0 ? 16 : 12) && data <= p.PayloadLength;
    }

    private static DropReason ClassifyIcmp(Datagram p, bool outbound, ref Sort sort)
    {
        switch (p.IcmpType)
        {
            case 8:
                if (!outbound && !p.IsFragment)
                    sort = Sort.EchoFromOutside;
                return DropReason.None;
            case 13:
                return outbound ? DropReason.None : DropReason.UnsupportedIcmp;
            case 0 or 14:
                return outbound ? DropReason.UnsupportedIcmp : DropReason.None;
            case 3 or 11 or 12:
                sort = Sort.IcmpError;
                return p.IsFragment ? DropReason.UnsupportedIcmp : DropReason.None;
            default:
                return DropReason.UnsupportedIcmp;
        }
    }

    // Source and destination port; a query's identifier is the internal one's, and its peer 0, but for pings of our
    // addresses in fragments, which show by their type what they are.
    private static (ushort Source, ushort Destination) PortsOf(Datagram p, bool outbound) => p.Protocol switch
    {
        _ when p.IsLater => (0, 0),
        _ when p.HasPorts => (p.Word(0), p.Word(2)),
        Datagram.Icmp when outbound => (p.Word(4), (ushort)0),
        Datagram.Icmp => (p.IcmpType == EchoRequest ? EchoRequest : (ushort)0, p.Word(4)),
        _ => (0, 0),
    };

    // A frame that has no room for an Ethernet and an IPv4 header holds nothing for us, whatever it is.
    private void FromInside(byte[] frame)
    {
        byte[] link = frame.Length >= 14 ? frame[..14] : [];
        byte[] rest = frame.Length >= 14 ? frame[14..] : [];
        switch (frame.Length < 34 ? -1 : Bytes.Get16(frame, 12))
        {
            case -1:
                Drop(DropReason.Truncated);
                break;
            case 0x86DD:
                Softwire(link, rest);
                break;
            case 0x0800:
                DropReason refusal = Check(rest, out Datagram? packet);
                if (packet is null)
                {
                    Drop(refusal);
                    break;
                }

                FromInside(new Parcel
                {
                    Packet = packet,
                    Side = Inside,
                    Kind = SubscriberKind.Nat444,
                    Key = packet.Source,
                    B4 = packet.Source,
                    OuterTos = packet.Tos,
                    Link = link,
                });
                break;
            default:
                Drop(DropReason.UnknownEtherType);
                break;
        }
    }

    private void FromOutside(byte[] frame)
    {
        int type = frame.Length < 34 ? -1 : Bytes.Get16(frame, 12);
        if (type != 0x0800)
        {
            Drop(type switch
            {
                -1 => DropReason.Truncated,
                0x86DD => DropReason.NotOurs,
                _ => DropReason.UnknownEtherType,
            });
            return;
        }

        DropReason refusal = Check(frame[14..], out Datagram? packet);
        if (packet is null)
            Drop(refusal);
        else
            FromOutside(new Parcel { Packet = packet, Side = Outside, Link = frame[..14] });
    }

    private UInt128 MaskedKey(UInt128 b4) =>
        b4 & (UInt128.MaxValue << (128 - _settings.SubscriberMaskV6));

    private bool IsSoftwireSource(UInt128 b4) =>
        _config.SoftwireSources.Any(prefix => prefix.Contains((ulong)(b4 >> 64), (ulong)b4));

    private int AftrNumber(UInt128 address) =>
        Array.FindIndex(_config.AftrAddresses, aftr => new UInt128(aftr.High, aftr.Low) == address);
}
