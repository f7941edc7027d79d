using System;
using System.Linq;
using System.Runtime.InteropServices;

using Cgn.Ports.Xdp;

using Xunit;

namespace Cgn.Ports.Tests.Support;

/// <summary>
/// What a test needs of the machine; where it is missing the test is skipped with that reason, and for no other.
/// </summary>
internal static class Needs
{
    private const int FamilyXdp = 44;
    private const int FamilyNotSupported = 97;

    internal static void Root() => Skip.IfNot(Environment.UserName == "root", "needs root");

    internal static void Xdp()
    {
        Root();
        Skip.IfNot(
            typeof(XdpPort).Assembly.GetManifestResourceNames().Contains("steer.bpf.o"),
            "the steering program was not built: install the package clang and build again");
        int descriptor = socket(FamilyXdp, 3, 0);
        int error = Marshal.GetLastPInvokeError();
        Skip.If(descriptor < 0 && error == FamilyNotSupported, "this kernel has no XDP sockets (CONFIG_XDP_SOCKETS)");
        _ = close(descriptor);
        foreach (string library in (string[])["libbpf.so.1", "libxdp.so.1"])
        {
            Skip.IfNot(
                NativeLibrary.TryLoad(library, out nint handle),
                $"{library} is not installed (packages libxdp1 and libbpf1)");
            NativeLibrary.Free(handle);
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int socket(int family, int type, int protocol);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int descriptor);
}
