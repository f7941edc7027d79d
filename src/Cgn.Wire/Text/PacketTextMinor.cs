using System;

namespace Cgn.Wire;

/// <summary>
/// Lines of <see cref="PacketTextWriter"/> for the transports that the gateway knows by ports or keys only.
/// </summary>
internal static class PacketTextMinor
{
    public static bool TryDescribe(IpProtocol protocol, Span<byte> bytes, out string line, out WireRefusal refusal)
    {
        switch (protocol)
        {
            case IpProtocol.Sctp:
                bool open = SctpView.TryOpen(bytes, out SctpView sctp, out refusal);
                line = open
                    ? $"SCTP {sctp.SourcePort} > {sctp.DestinationPort} tag 0x{sctp.VerificationTag:x8}"
                        + (Crc32c.IsSctpRight(bytes) ? "" : " BAD CHECKSUM")
                    : "";
                return open;
            case IpProtocol.Gre:
                open = GreView.TryOpen(bytes, out GreView gre, out refusal);
                line = open
                    ? $"GRE version {gre.Version} type 0x{gre.ProtocolType:x4} key 0x{gre.Key:x8}"
                        + $"{(gre.IsPptp ? $" call {gre.CallId}" : "")} data {gre.Payload.Length}"
                    : "";
                return open;
            case IpProtocol.Esp:
                open = EspView.TryOpen(bytes, out EspView esp, out refusal);
                line = open ? $"ESP spi 0x{esp.Spi:x8} seq {esp.Sequence}" : "";
                return open;
            case IpProtocol.Dccp:
                open = DccpView.TryOpen(bytes, out DccpView dccp, out refusal);
                line = open ? $"DCCP {dccp.SourcePort} > {dccp.DestinationPort} type {dccp.Type}" : "";
                return open;
            case IpProtocol.UdpLite:
                open = UdpLiteView.TryOpen(bytes, out UdpLiteView lite, out refusal);
                line = open
                    ? $"UDP-Lite {lite.SourcePort} > {lite.DestinationPort} covers {lite.CoveredBytes.Length}"
                    : "";
                return open;
            default:
                refusal = WireRefusal.None;
                line = $"data {bytes.Length}";
                return true;
        }
    }
}
