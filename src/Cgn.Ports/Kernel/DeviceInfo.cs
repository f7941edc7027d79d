using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

using Cgn.Ports.Native;

namespace Cgn.Ports.Kernel;

/// <summary>
/// What the kernel says of a network device when asked by name. Sees the devices of the calling thread's network
/// namespace.
/// </summary>
/// <param name="Name">As in <c>ip link</c>.</param>
/// <param name="Index">Number of the device in its namespace, from 1.</param>
/// <param name="MacAddress">48 bits in the low end, first byte of the address highest.</param>
/// <param name="Mtu">Largest packet in bytes, without the Ethernet header.</param>
/// <param name="QueueCount">Receive queues in use, at least 1.</param>
/// <param name="IsUp">Administratively up.</param>
public sealed unsafe record DeviceInfo(string Name, int Index, ulong MacAddress, int Mtu, int QueueCount, bool IsUp)
{
    private const int NameBytes = 16;
    private const nuint GetIndex = 0x8933;
    private const nuint GetFlags = 0x8913;
    private const nuint GetMtu = 0x8921;
    private const nuint GetHardwareAddress = 0x8927;
    private const nuint Ethtool = 0x8946;
    private const uint EthtoolGetChannels = 0x3C;
    private const uint EthtoolGetGro = 0x2B;
    private const uint EthtoolSetGro = 0x2C;
    private const uint EthtoolGetFlags = 0x25;
    private const uint EthtoolSetFlags = 0x26;
    private const uint EthtoolFlagLro = 1 << 15;
    private const uint EthtoolFlagVlan = 1 << 8;
    private const short FlagUp = 1;

    /// <summary>Asks the kernel.</summary>
    /// <exception cref="PortException">There is no such device, or its name is longer than 15 bytes.</exception>
    public static DeviceInfo Read(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (Encoding.UTF8.GetByteCount(name) >= NameBytes)
            throw new PortException($"{name}: not a device name: it may have at most {NameBytes - 1} bytes");
        int socket = OpenSocket(name);
        try
        {
            return Read(socket, name);
        }
        finally
        {
            _ = LibC.close(socket);
        }
    }

    /// <summary>Whether the device or the kernel does this to received packets.</summary>
    internal bool IsOn(ReceiveOffload offload)
    {
        uint value = 0;
        bool isKnown = Ask(offload == ReceiveOffload.Generic ? EthtoolGetGro : EthtoolGetFlags, ref value);
        return isKnown && (offload == ReceiveOffload.Generic ? value != 0 : (value & Flag(offload)) != 0);
    }

    /// <summary>Sets whether it is done; false when the device or the system refuses.</summary>
    internal bool TrySet(ReceiveOffload offload, bool on)
    {
        uint value = on ? 1u : 0;
        if (offload == ReceiveOffload.Generic)
            return Ask(EthtoolSetGro, ref value);
        if (!Ask(EthtoolGetFlags, ref value))
            return false;
        value = on ? value | Flag(offload) : value & ~Flag(offload);
        return Ask(EthtoolSetFlags, ref value);
    }

    private static uint Flag(ReceiveOffload offload) =>
        offload == ReceiveOffload.Large ? EthtoolFlagLro : EthtoolFlagVlan;

    private static int OpenSocket(string name)
    {
        int socket = LibC.socket(LibC.AddressFamilyInet, LibC.SocketDatagram | LibC.CloseOnExec, 0);
        return socket >= 0
            ? socket
            : throw new PortException($"{name}: no socket to ask about devices: {SystemError.Last()}");
    }

    // struct ethtool_value: command and value.
    private bool Ask(uint command, ref uint value)
    {
        uint* question = stackalloc uint[2] { command, value };
        Request request = default;
        Encoding.UTF8.GetBytes(Name, new Span<byte>(request.Name, NameBytes - 1));
        request.Pointer = (nint)question;
        int socket = OpenSocket(Name);
        int result = LibC.ioctl(socket, Ethtool, &request);
        _ = LibC.close(socket);
        value = question[1];
        return result == 0;
    }

    private static DeviceInfo Read(int socket, string name)
    {
        Request request = default;
        Encoding.UTF8.GetBytes(name, new Span<byte>(request.Name, NameBytes - 1));
        if (LibC.ioctl(socket, GetIndex, &request) != 0)
            throw new PortException(
                $"{name}: there is no such device ({SystemError.Last()}); 'ip link' lists those there are");
        int index = request.Number;
        Ask(socket, GetMtu, name, &request);
        int mtu = request.Number;
        Ask(socket, GetFlags, name, &request);
        bool isUp = (request.Flags & FlagUp) != 0;
        Ask(socket, GetHardwareAddress, name, &request);
        ulong mac = BinaryPrimitives.ReadUInt64BigEndian(new ReadOnlySpan<byte>(request.Address, 8)) >> 16;
        return new DeviceInfo(name, index, mac, mtu, Queues(socket, request), isUp);
    }

    private static void Ask(int socket, nuint what, string name, Request* request)
    {
        if (LibC.ioctl(socket, what, request) != 0)
            throw new PortException($"{name}: the kernel doesn't tell about the device: {SystemError.Last()}");
    }

    // struct ethtool_channels: command, four maxima, then rx, tx, other and combined counts. Devices without channels
    // have one queue.
    private static int Queues(int socket, Request request)
    {
        uint* channels = stackalloc uint[9];
        new Span<uint>(channels, 9).Clear();
        channels[0] = EthtoolGetChannels;
        request.Pointer = (nint)channels;
        if (LibC.ioctl(socket, Ethtool, &request) != 0)
            return 1;
        return Math.Max(1, (int)(channels[5] + channels[8]));
    }

    /// <summary>struct ifreq: a name and a union.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 40)]
    private struct Request
    {
        [FieldOffset(0)]
        public fixed byte Name[NameBytes];

        [FieldOffset(16)]
        public int Number;

        [FieldOffset(16)]
        public short Flags;

        [FieldOffset(16)]
        public nint Pointer;

        [FieldOffset(18)]
        public fixed byte Address[8];
    }
}
