using System;
using System.Runtime.InteropServices;
using System.Text;

using Microsoft.Win32.SafeHandles;

namespace Cgn.Ports.Tun;

/// <summary>
/// The few C library calls behind <see cref="TunDevice"/> and <see cref="RawIpv6Socket"/>; every pointer stays in this
/// file.
/// </summary>
internal static unsafe class TunNative
{
    private const int OpenReadWrite = 2;
    private const int OpenCloseOnExec = 0x80000;
    private const int OpenNonBlocking = 0x800;
    private const uint TunSetInterface = 0x400454CA;
    private const short FlagTun = 0x0001;
    private const short FlagNoPacketInfo = 0x1000;
    private const short PollIn = 0x0001;
    private const int ErrorAgain = 11;
    private const int ErrorInterrupted = 4;
    private const int InterfaceRequestBytes = 40;
    private const int InterfaceNameBytes = 16;

    internal static SafeFileHandle OpenControlDevice()
    {
        int descriptor;
        fixed (byte* path = "/dev/net/tun\0"u8)
            descriptor = open(path, OpenReadWrite | OpenCloseOnExec | OpenNonBlocking);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw TunDevice.Failure("open /dev/net/tun");
    }

    internal static void Attach(SafeFileHandle handle, string name)
    {
        // struct ifreq is 40 bytes on 64-bit Linux: the name in 16, then the flags. The caller holds names to 15 bytes,
        // so a zero ends them.
        byte* request = stackalloc byte[InterfaceRequestBytes];
        new Span<byte>(request, InterfaceRequestBytes).Clear();
        Encoding.ASCII.GetBytes(name, new Span<byte>(request, InterfaceNameBytes - 1));
        *(short*)(request + InterfaceNameBytes) = FlagTun | FlagNoPacketInfo;
        if (ioctl(handle, TunSetInterface, request) < 0)
            throw TunDevice.Failure($"attach to TUN device {name}");
    }

    internal static bool WaitReadable(SafeFileHandle handle, int timeoutMs)
    {
        bool added = false;
        try
        {
            handle.DangerousAddRef(ref added);
            PollRequest request = new() { Descriptor = (int)handle.DangerousGetHandle(), Events = PollIn };
            int ready = poll(&request, 1, timeoutMs);
            return ready >= 0 || Marshal.GetLastPInvokeError() == ErrorInterrupted
                ? ready > 0
                : throw TunDevice.Failure("wait for a packet from the TUN device");
        }
        finally
        {
            if (added)
                handle.DangerousRelease();
        }
    }

    internal static int Read(SafeFileHandle handle, Span<byte> packet)
    {
        nint length;
        fixed (byte* bytes = packet)
            length = read(handle, bytes, (nuint)packet.Length);
        if (length >= 0)
            return (int)length;

        int error = Marshal.GetLastPInvokeError();
        return error is ErrorAgain or ErrorInterrupted ? 0 : throw TunDevice.Failure("read from the TUN device");
    }

    internal static int Write(SafeFileHandle handle, ReadOnlySpan<byte> packet)
    {
        fixed (byte* bytes = packet)
            return (int)write(handle, bytes, (nuint)packet.Length);
    }

    internal static int OpenSocket(int family, int type, int protocol) => socket(family, type, protocol);

    [DllImport("libc", SetLastError = true)]
    private static extern int open(byte* path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(SafeFileHandle descriptor, nuint request, byte* argument);

    [DllImport("libc", SetLastError = true)]
    private static extern nint read(SafeFileHandle descriptor, byte* buffer, nuint count);

    [DllImport("libc", SetLastError = true)]
    private static extern nint write(SafeFileHandle descriptor, byte* buffer, nuint count);

    [DllImport("libc", SetLastError = true)]
    private static extern int poll(PollRequest* requests, nuint count, int timeoutMs);

    [DllImport("libc", SetLastError = true)]
    private static extern int socket(int family, int type, int protocol);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollRequest
    {
        public int Descriptor;
        public short Events;
        public short ReturnedEvents;
    }
}
