using System;

using Cgn.Wire;

namespace Cgn.Fuzz.Targets.Mixtures;

/// <summary>What a packet that leaves must be, if those that came in had right checksums.</summary>
internal static class MixtureJudge
{
    /// <summary>Lengths and checksums are right.</summary>
    /// <exception cref="InvalidOperationException">They are not.</exception>
    public static void Whole(Span<byte> packet)
    {
        if (!Ipv4View.TryOpen(packet, out Ipv4View view, out WireRefusal refusal))
            throw new InvalidOperationException($"an IPv4 packet leaves that is none: {refusal}");
        if (!Checksum.IsRight(packet[..view.HeaderLength]))
            throw new InvalidOperationException("an IPv4 header checksum is wrong");
        bool isFragment = ((packet[6] & 0x3F) | packet[7]) != 0;
        Span<byte> payload = view.Payload;
        if (isFragment)
            return;
        bool isRight = view.Protocol switch
        {
            IpProtocol.Tcp => Checksum.IsRight(payload, Pseudo(view, payload.Length)),
            IpProtocol.Udp => (payload[6] | payload[7]) == 0 || Checksum.IsRight(payload, Pseudo(view, payload.Length)),
            IpProtocol.Icmp => Checksum.IsRight(payload),
            _ => true,
        };
        if (!isRight)
            throw new InvalidOperationException($"a checksum of {view.Protocol} is wrong");
    }

    private static ushort Pseudo(in Ipv4View view, int length) =>
        Checksum.PseudoHeader(view.Source, view.Destination, view.Protocol, length);
}
