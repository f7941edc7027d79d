using System.Runtime.InteropServices;

namespace Cgn.Ports.Native;

/// <summary>System calls by their own names, as in section 2 of the manual. All arguments are blittable.</summary>
internal static unsafe class LibC
{
    internal const int AddressFamilyNetlink = 16;
    internal const int AddressFamilyInet = 2;
    internal const int SocketRaw = 3;
    internal const int SocketDatagram = 2;
    internal const int CloseOnExec = 0x80000;
    internal const int NonBlocking = 0x800;
    internal const int MessageDontWait = 0x40;
    internal const int MessageTruncate = 0x20;

    internal const int ErrorInterrupted = 4;
    internal const int ErrorNoEntry = 2;
    internal const int ErrorAgain = 11;
    internal const int ErrorBusy = 16;
    internal const int ErrorExists = 17;
    internal const int ErrorNoBufferSpace = 105;

    [DllImport("libc", SetLastError = true)]
    internal static extern int poll(PollDescriptor* descriptors, nuint count, int timeoutMs);

    [DllImport("libc", SetLastError = true)]
    internal static extern int socket(int family, int type, int protocol);

    [DllImport("libc", SetLastError = true)]
    internal static extern int bind(int socket, void* address, uint lengthBytes);

    [DllImport("libc", SetLastError = true)]
    internal static extern int getsockname(int socket, void* address, uint* lengthBytes);

    [DllImport("libc", SetLastError = true)]
    internal static extern int setsockopt(int socket, int level, int option, void* value, uint lengthBytes);

    [DllImport("libc", SetLastError = true)]
    internal static extern int getsockopt(int socket, int level, int option, void* value, uint* lengthBytes);

    [DllImport("libc", SetLastError = true)]
    internal static extern nint sendto(
        int socket, void* data, nuint lengthBytes, int flags, void* address, uint addressBytes);

    [DllImport("libc", SetLastError = true)]
    internal static extern nint recvfrom(
        int socket, void* data, nuint lengthBytes, int flags, void* address, uint* addressBytes);

    [DllImport("libc", SetLastError = true)]
    internal static extern int ioctl(int descriptor, nuint request, void* argument);

    [DllImport("libc", SetLastError = true)]
    internal static extern int close(int descriptor);

    [DllImport("libc", SetLastError = true)]
    internal static extern int fcntl(int descriptor, int command, int argument);

    [DllImport("libc", SetLastError = true)]
    internal static extern int eventfd(uint initial, int flags);

    [DllImport("libc", SetLastError = true)]
    internal static extern nint read(int descriptor, void* data, nuint lengthBytes);

    [DllImport("libc", SetLastError = true)]
    internal static extern nint write(int descriptor, void* data, nuint lengthBytes);
}
