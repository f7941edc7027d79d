using System;
using System.Runtime.InteropServices;

namespace Cgn.Ports.Kernel;

/// <summary>Reads routes out of messages of the kernel (rtnetlink(7), struct rtmsg).</summary>
internal static class RouteMessage
{
    private const int NextHopBytes = 8;

    /// <summary>
    /// Reads a route. Refused are other tables than main, other types than forwarding ones, routes for a type of
    /// service, and destinations that are never forwarded (link-local and multicast IPv6).
    /// </summary>
    /// <param name="body">The message's body.</param>
    /// <param name="hops">Filled with the ways; none for routes that say unreachable.</param>
    /// <param name="prefix">The destination.</param>
    /// <param name="metric">Lower is preferred.</param>
    internal static bool TryRead(ReadOnlySpan<byte> body, HopSet hops, out RoutePrefix prefix, out uint metric)
    {
        prefix = default;
        metric = 0;
        if (body.Length < Rtnetlink.RouteBytes || body[0] is not (Rtnetlink.FamilyIpv4 or Rtnetlink.FamilyIpv6))
            return false;
        bool isIpv6 = body[0] == Rtnetlink.FamilyIpv6;
        byte length = body[1];
        byte type = body[7];
        bool isForwarding = type is Rtnetlink.TypeUnicast or >= Rtnetlink.TypeBlackhole and <= Rtnetlink.TypeProhibit;
        bool isCloned = (NetlinkMessage.Number(body[8..]) & Rtnetlink.RouteCloned) != 0;
        if (!isForwarding || isCloned || body[2] != 0 || body[3] != 0 || length > (isIpv6 ? 128 : 32))
            return false;
        hops.Reset(isIpv6);
        uint table = body[4];
        UInt128 destination = 0;
        Hop single = default;
        ReadOnlySpan<byte> multipath = default;
        bool isEncapsulated = false;
        ReadOnlySpan<byte> attributes = body[Rtnetlink.RouteBytes..];
        while (NetlinkMessage.TryTakeAttribute(ref attributes, out ushort attribute, out ReadOnlySpan<byte> value))
        {
            switch (attribute)
            {
                case Rtnetlink.RouteDestination:
                    destination = NetlinkMessage.Address(value);
                    break;
                case Rtnetlink.RoutePriority:
                    metric = NetlinkMessage.Number(value);
                    break;
                case Rtnetlink.RouteTable:
                    table = NetlinkMessage.Number(value);
                    break;
                case Rtnetlink.RouteMultipath:
                    multipath = value;
                    break;
                default:
                    single = Way(single, attribute, value, ref isEncapsulated);
                    break;
            }
        }

        prefix = RoutePrefix.Of(destination, length, isIpv6);
        if (table != Rtnetlink.TableMain || (isIpv6 && IsNeverForwarded(prefix)))
            return false;
        if (type == Rtnetlink.TypeUnicast && single.Device != 0 && !isEncapsulated)
            hops.Add(single);
        AddAll(hops, multipath);
        return true;
    }

    // struct rtnexthop: length, flags, weight, device; then attributes of that way.
    private static void AddAll(HopSet hops, ReadOnlySpan<byte> multipath)
    {
        while (multipath.Length >= NextHopBytes)
        {
            int length = MemoryMarshal.Read<ushort>(multipath);
            if (length < NextHopBytes || length > multipath.Length)
                return;
            Hop hop = new((int)NetlinkMessage.Number(multipath[4..]), 0, false);
            bool isEncapsulated = false;
            ReadOnlySpan<byte> attributes = multipath[NextHopBytes..length];
            while (NetlinkMessage.TryTakeAttribute(ref attributes, out ushort attribute, out ReadOnlySpan<byte> value))
                hop = Way(hop, attribute, value, ref isEncapsulated);
            if ((multipath[2] & Rtnetlink.HopDead) == 0 && !isEncapsulated)
                hops.Add(hop);
            multipath = multipath[Math.Min(multipath.Length, (length + 3) & ~3)..];
        }
    }

    private static Hop Way(Hop hop, ushort attribute, ReadOnlySpan<byte> value, ref bool isEncapsulated)
    {
        switch (attribute)
        {
            case Rtnetlink.RouteDevice:
                return hop with { Device = (int)NetlinkMessage.Number(value) };
            case Rtnetlink.RouteGateway:
                return hop with { Gateway = NetlinkMessage.Address(value), GatewayIsIpv6 = value.Length == 16 };
            case Rtnetlink.RouteVia when value.Length > 2:
                // A router of the other family (RFC 8950): family, then address.
                return hop with { Gateway = NetlinkMessage.Address(value[2..]), GatewayIsIpv6 = value.Length == 18 };
            case Rtnetlink.RouteEncapsulation:
                isEncapsulated = true;
                return hop;
            default:
                return hop;
        }
    }

    private static bool IsNeverForwarded(in RoutePrefix prefix) =>
        prefix.Length >= 8
            && ((uint)(prefix.Bits >> 120) == 0xFF || (prefix.Length >= 10 && (uint)(prefix.Bits >> 118) == 0x3FA));
}
