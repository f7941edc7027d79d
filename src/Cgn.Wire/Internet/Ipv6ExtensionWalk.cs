using System;
using System.Runtime.CompilerServices;

namespace Cgn.Wire;

/// <summary>
/// Where the extension headers of an IPv6 packet lead, seen by the packet's destination. Headers are read strictly from
/// left to right (RFC 8200 §4), and not more than <see cref="HeadersMax"/> of them. All offsets count from the
/// first byte of the IPv6 header, as ICMPv6 pointers do.
/// </summary>
/// <remarks>An authentication header ends the walk as an upper layer: it could not be verified here.</remarks>
public readonly record struct Ipv6ExtensionWalk
{
    /// <summary>Headers that are read before the packet is too long: twice what RFC 8200 §4.1 can order.</summary>
    public const int HeadersMax = 8;

    /// <summary>Options, padding included, that are read in one walk; RFC 8504 §5.3 allows such limits.</summary>
    public const int OptionsMax = 32;

    private const byte Pad1 = 0;
    private const byte TunnelEncapsulationLimit = 4;
    private const int UnitSize = 8;

    /// <summary>How the walk ended.</summary>
    public Ipv6WalkKind Kind { get; private init; }

    /// <summary>What the walk ended at: the upper layer, or the header that stopped it.</summary>
    public IpProtocol Protocol { get; private init; }

    /// <summary>Where that upper layer or header begins.</summary>
    public int Offset { get; private init; }

    /// <summary>
    /// The byte of interest. Upper, Fragment, Unrecognised, Truncated and TooLong: the next header field that named
    /// <see cref="Protocol"/>. Routing: the routing type. Refused option: its type. Malformed option: its length.
    /// </summary>
    public int Pointer { get; private init; }

    /// <summary>For a refused option: what its type asks for. Otherwise <see cref="Ipv6OptionAction.Skip"/>.</summary>
    public Ipv6OptionAction OptionAction { get; private init; }

    /// <summary>Walks from the fixed header.</summary>
    /// <param name="packet">An IPv6 packet from its first byte, as <see cref="Ipv6View.Packet"/>. Below 40 bytes it is
    /// truncated.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Ipv6ExtensionWalk From(ReadOnlySpan<byte> packet)
    {
        // Most softwire packets have no extension header at all; for them this is a compare and no call.
        if (packet.Length >= Ipv6View.HeaderSize && packet[Ipv6View.NextHeaderOffset] == (byte)IpProtocol.Ipv4)
        {
            return new Ipv6ExtensionWalk
            {
                Protocol = IpProtocol.Ipv4,
                Offset = Ipv6View.HeaderSize,
                Pointer = Ipv6View.NextHeaderOffset,
            };
        }

        return Walk(packet, Ipv6View.NextHeaderOffset, Ipv6View.HeaderSize, first: true);
    }

    /// <summary>
    /// Walks on behind a fragment header: the rest of an atomic fragment, or a first fragment whose header chain must
    /// be whole (RFC 7112 §5). Another fragment header ends this walk as the first did.
    /// </summary>
    /// <param name="packet">The same packet.</param>
    /// <param name="fragmentOffset"><see cref="Offset"/> of a walk that ended at a fragment header.</param>
    public static Ipv6ExtensionWalk BehindFragment(ReadOnlySpan<byte> packet, int fragmentOffset) =>
        Walk(packet, fragmentOffset, fragmentOffset + Ipv6FragmentView.HeaderSize, first: false);

    private static Ipv6ExtensionWalk Walk(ReadOnlySpan<byte> packet, int pointer, int offset, bool first)
    {
        if (packet.Length < offset)
            return new Ipv6ExtensionWalk { Kind = Ipv6WalkKind.Truncated, Offset = packet.Length };
        int options = 0;
        for (int header = 0; ; header++)
        {
            IpProtocol protocol = (IpProtocol)packet[pointer];
            Ipv6ExtensionWalk here = new() { Protocol = protocol, Offset = offset, Pointer = pointer };
            if (!IsExtension(protocol))
                return here;
            if (protocol == IpProtocol.HopByHop && !(first && header == 0))
                return here with { Kind = Ipv6WalkKind.Unrecognised };
            if (header == HeadersMax)
                return here with { Kind = Ipv6WalkKind.TooLong };
            if (packet.Length - offset < UnitSize)
                return here with { Kind = Ipv6WalkKind.Truncated };
            if (protocol == IpProtocol.Fragment)
                return here with { Kind = Ipv6WalkKind.Fragment };
            int length = (packet[offset + 1] + 1) * UnitSize;
            if (packet.Length - offset < length)
                return here with { Kind = Ipv6WalkKind.Truncated };
            if (protocol == IpProtocol.Routing)
            {
                if (packet[offset + 3] != 0)
                    return here with { Kind = Ipv6WalkKind.RoutingWithSegmentsLeft, Pointer = offset + 2 };
            }
            else if (!ReadOptions(packet[..(offset + length)], ref here, ref options))
            {
                return here;
            }

            pointer = offset;
            offset += length;
        }
    }

    private static bool IsExtension(IpProtocol protocol) =>
        protocol is IpProtocol.HopByHop or IpProtocol.DestinationOptions or IpProtocol.Routing or IpProtocol.Fragment;

    /// <summary>Reads the options of the header at <c>here.Offset</c>, which ends with the span.</summary>
    private static bool ReadOptions(ReadOnlySpan<byte> packet, ref Ipv6ExtensionWalk here, ref int options)
    {
        int at = here.Offset + 2;
        while (at < packet.Length)
        {
            if (options++ == OptionsMax)
            {
                here = here with { Kind = Ipv6WalkKind.TooLong };
                return false;
            }

            byte type = packet[at];
            if (type == Pad1)
            {
                at++;
                continue;
            }

            bool lengthFits = at + 1 < packet.Length && at + 2 + packet[at + 1] <= packet.Length;
            bool isLimit = type == TunnelEncapsulationLimit && here.Protocol == IpProtocol.DestinationOptions;
            if (!lengthFits || (isLimit && packet[at + 1] != 1))
            {
                here = here with { Kind = Ipv6WalkKind.OptionMalformed, Pointer = Math.Min(at + 1, packet.Length - 1) };
                return false;
            }

            Ipv6OptionAction action = (Ipv6OptionAction)(type >> 6);
            if (action != Ipv6OptionAction.Skip)
            {
                here = here with { Kind = Ipv6WalkKind.OptionRefused, Pointer = at, OptionAction = action };
                return false;
            }

            at += 2 + packet[at + 1];
        }

        return true;
    }
}
