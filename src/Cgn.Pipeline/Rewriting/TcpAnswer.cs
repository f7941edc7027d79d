using System;

using Cgn.Contract.Records;
using Cgn.Memory.Frames;
using Cgn.Pipeline.Batches;
using Cgn.Wire;

namespace Cgn.Pipeline.Rewriting;

/// <summary>A TCP segment of our own.</summary>
internal readonly ref struct TcpAnswer
{
    /// <summary>Bytes of a packet without options and payload.</summary>
    public const int HeadersBytes = Ipv4Header.Size + TcpHeader.Size;

    private const int LinkHeaderMax = 22;
    private const byte OriginTtl = 64;

    /// <summary>Control bits.</summary>
    public TcpFlags Flags { get; init; }

    /// <summary>Sequence number.</summary>
    public uint Sequence { get; init; }

    /// <summary>Acknowledgment number.</summary>
    public uint Acknowledgment { get; init; }

    /// <summary>Receive window.</summary>
    public ushort Window { get; init; }

    /// <summary>Options, a multiple of four bytes.</summary>
    public ReadOnlySpan<byte> Options { get; init; }

    /// <summary>Payload.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Bytes of the packet.</summary>
    public int PacketBytes => HeadersBytes + Options.Length + Payload.Length;

    /// <summary>
    /// Answers a packet from inside in its own frame, as the endpoint that it was sent to; its verdict is set, and what
    /// it counts as is the caller's.
    /// </summary>
    public static void Send(ref Frame frame, ref PacketContext c, GatewayState state, in TcpAnswer answer)
    {
        Span<byte> chunk = state.Store.Chunk(frame.Chunk);
        Span<byte> link = stackalloc byte[LinkHeaderMax];
        int linkBytes = c.NetworkAt - (int)frame.Offset;
        chunk.Slice((int)frame.Offset, linkBytes).CopyTo(link);
        int at = c.Ipv4At;
        int length = answer.PacketBytes;
        answer.Write(
            chunk.Slice(at, length), c.Flow.RemoteAddress, c.Flow.RemotePort, c.Flow.InternalAddress,
            c.Flow.InternalPort);
        if (c.Key.Kind == SubscriberKind.DsLite)
        {
            at = SoftwireWriter.Wrap(
                chunk, at, ref length, c.Aftr, new Ipv6Address(c.B4High, c.B4Low), flowHash: 0, state.Settings);
        }

        LinkWriter.Answer(chunk, ref frame, link[..linkBytes], at, length);
        c.Verdict = Verdict.Transmit;
    }

    /// <summary>Writes the packet.</summary>
    /// <param name="packet">Exactly <see cref="PacketBytes"/>.</param>
    /// <param name="source">Its source address.</param>
    /// <param name="sourcePort">Its source port.</param>
    /// <param name="destination">Its destination address.</param>
    /// <param name="destinationPort">Its destination port.</param>
    public void Write(Span<byte> packet, uint source, ushort sourcePort, uint destination, ushort destinationPort)
    {
        Ipv4Address from = new(source);
        Ipv4Address to = new(destination);
        new Ipv4Header
        {
            PayloadLength = packet.Length - Ipv4Header.Size,
            DontFragment = true,
            Ttl = OriginTtl,
            Protocol = IpProtocol.Tcp,
            Source = from,
            Destination = to,
        }.Write(packet);
        Span<byte> segment = packet[Ipv4Header.Size..];
        int header = new TcpHeader
        {
            SourcePort = sourcePort,
            DestinationPort = destinationPort,
            Sequence = Sequence,
            Acknowledgment = Acknowledgment,
            Flags = Flags,
            Window = Window,
        }.Write(segment, Options);
        Payload.CopyTo(segment[header..]);
        Checksum.FillTcp(segment, Checksum.PseudoHeader(from, to, IpProtocol.Tcp, segment.Length));
    }
}
