namespace Cgn.Ports.Kernel;

/// <summary>
/// Numbers of the kernel's routing interface, rtnetlink(7): linux/rtnetlink.h, linux/neighbour.h, linux/if_link.h,
/// linux/if_addr.h.
/// </summary>
internal static class Rtnetlink
{
    internal const int HeaderBytes = 16;
    internal const int RouteBytes = 12;
    internal const int NeighbourBytes = 12;
    internal const int LinkBytes = 16;
    internal const int AddressBytes = 8;

    internal const ushort MessageError = 2;
    internal const ushort MessageDone = 3;
    internal const ushort NewLink = 16;
    internal const ushort DeleteLink = 17;
    internal const ushort GetLink = 18;
    internal const ushort NewAddress = 20;
    internal const ushort DeleteAddress = 21;
    internal const ushort GetAddress = 22;
    internal const ushort NewRoute = 24;
    internal const ushort DeleteRoute = 25;
    internal const ushort GetRoute = 26;
    internal const ushort NewNeighbour = 28;
    internal const ushort DeleteNeighbour = 29;
    internal const ushort GetNeighbour = 30;

    internal const ushort FlagRequest = 1;
    internal const ushort FlagDumpInterrupted = 0x10;
    internal const ushort FlagReplace = 0x100;
    internal const ushort FlagExclusive = 0x200;
    internal const ushort FlagDump = 0x300;
    internal const ushort FlagCreate = 0x400;
    internal const ushort FlagAppend = 0x800;

    // Link, neighbour, IPv4 address and route, IPv6 address and route.
    internal const uint Groups = 0x1 | 0x4 | 0x10 | 0x40 | 0x100 | 0x400;

    internal const byte FamilyIpv4 = 2;
    internal const byte FamilyIpv6 = 10;

    internal const ushort RouteDestination = 1;
    internal const ushort RouteDevice = 4;
    internal const ushort RouteGateway = 5;
    internal const ushort RoutePriority = 6;
    internal const ushort RouteMultipath = 9;
    internal const ushort RouteTable = 15;
    internal const ushort RouteVia = 18;
    internal const ushort RouteEncapsulation = 22;
    internal const byte TableMain = 254;
    internal const byte TypeUnicast = 1;
    internal const byte TypeBlackhole = 6;
    internal const byte TypeProhibit = 8;
    internal const byte TypeThrow = 9;
    internal const uint RouteCloned = 0x200;
    internal const byte HopDead = 1;

    internal const ushort NeighbourAddress = 1;
    internal const ushort NeighbourLinkAddress = 2;
    internal const ushort StateStale = 0x04;
    internal const ushort StateFailed = 0x20;
    // Reachable, stale, delay, probe, no ARP, permanent: the link address may be used.
    internal const ushort StatesValid = 0x02 | 0x04 | 0x08 | 0x10 | 0x40 | 0x80;
    internal const byte NeighbourUse = 1;

    internal const ushort LinkAddress = 1;
    internal const ushort LinkName = 3;
    internal const ushort LinkMtu = 4;
    internal const ushort LinkParent = 5;
    internal const ushort LinkInfo = 18;
    internal const ushort InfoKind = 1;
    internal const ushort InfoData = 2;
    internal const ushort VlanId = 1;
    internal const ushort VlanProtocol = 5;
    internal const uint LinkUp = 1;

    internal const ushort AddressAddress = 1;
    internal const ushort AddressLocal = 2;
    internal const ushort AddressBroadcast = 4;
}
