using System.ComponentModel;
using System.Net.Sockets;

namespace Cgn.Ports.Tun;

/// <summary>
/// Raw IPv6 sockets for a next-header value that <see cref="Socket"/>'s own constructor refuses, such as 4 (IPv4 in
/// IPv6). What is sent is the payload behind the kernel's IPv6 header, which the kernel fragments to the path MTU; what
/// is received comes reassembled and without that header. While such a socket is open the kernel answers no parameter
/// problem for packets that it takes.
/// </summary>
public static class RawIpv6Socket
{
    private const int FamilyInterNetworkV6 = 10;
    private const int TypeRaw = 3;
    private const int TypeCloseOnExec = 0x80000;

    /// <summary>Opens one.</summary>
    /// <param name="nextHeader">The IPv6 next-header value to send and receive, 0 to 255.</param>
    /// <exception cref="Win32Exception">The kernel refused: CAP_NET_RAW is missing, or there is no IPv6.</exception>
    public static Socket Open(byte nextHeader)
    {
        int descriptor = TunNative.OpenSocket(FamilyInterNetworkV6, TypeRaw | TypeCloseOnExec, nextHeader);
        return descriptor >= 0
            ? new Socket(new SafeSocketHandle(descriptor, ownsHandle: true))
            : throw TunDevice.Failure($"open a raw IPv6 socket for next header {nextHeader}");
    }
}
