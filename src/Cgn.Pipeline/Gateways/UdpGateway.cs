using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Pipeline.Batches;
using Cgn.Wire;

namespace Cgn.Pipeline.Gateways;

/// <summary>Datagrams that a gateway reads: each stands for itself.</summary>
internal static class UdpGateway
{
    private const int HeaderBytes = 8;

    /// <summary>Reads one and changes it as needed.</summary>
    /// <returns>False when it has got a verdict.</returns>
    public static bool TryPass(ref Frame frame, ref PacketContext c, in Talk talk, int room)
    {
        int length = c.Ipv4Length - (c.TransportAt - c.Ipv4At);
        if (length < HeaderBytes)
            return true;
        switch (talk.State.Nat.GatewayFor(talk.Record))
        {
            case ApplicationGateways.Tftp:
                if (talk.Outbound)
                    Tftp(state: talk, payload: length - HeaderBytes, frame, c);
                return true;
            case ApplicationGateways.Sip:
                return SipDatagram.TryPass(ref frame, ref c, talk, room);
            default:
                return true;
        }
    }

    // The server will answer from a port of its own (RFC 1350 section 4).
    private static void Tftp(in Talk state, int payload, in Frame frame, in PacketContext c)
    {
        System.ReadOnlySpan<byte> request =
            state.State.Store.Chunk(frame.Chunk).Slice(c.TransportAt + HeaderBytes, payload);
        ref readonly SessionRecord s = ref state.Record;
        if (TftpRequest.Is(request))
            state.TryOpen(s.Protocol, s.InternalPort, s.RemoteAddress, isPair: false, out _, out _);
    }
}
