using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

using Microsoft.Win32.SafeHandles;

namespace Cgn.Ports.Tun;

/// <summary>
/// A layer-3 TUN device of the Linux kernel: what the kernel routes into it is read here as whole IP packets, what is
/// written here the kernel receives. Packets carry no prefix (IFF_NO_PI). A device that did not exist is made, and
/// disappears again with the last handle.
/// </summary>
/// <remarks>Safe for one reader and one writer at a time on different threads. Needs CAP_NET_ADMIN.</remarks>
public sealed class TunDevice : IDisposable
{
    private const int NameBytesMax = 15;
    private readonly SafeFileHandle _handle;

    private TunDevice(SafeFileHandle handle, string name)
    {
        _handle = handle;
        Name = name;
    }

    /// <summary>The interface name that the kernel gave, which is the one asked for.</summary>
    public string Name { get; }

    /// <summary>Attaches to the TUN device of this name, making it if it is missing.</summary>
    /// <param name="name">1 to 15 ASCII bytes, as interface names are.</param>
    /// <exception cref="ArgumentException">The name is empty, too long or not ASCII.</exception>
    /// <exception cref="Win32Exception">The kernel refused: no /dev/net/tun, no privilege, or the name is another kind
    /// of interface.</exception>
    public static TunDevice Open(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > NameBytesMax || !Ascii.IsValid(name))
            throw new ArgumentException($"'{name}' is no name of 1 to {NameBytesMax} ASCII bytes.", nameof(name));

        SafeFileHandle handle = TunNative.OpenControlDevice();
        try
        {
            TunNative.Attach(handle, name);
        }
        catch
        {
            handle.Dispose();
            throw;
        }

        return new TunDevice(handle, name);
    }

    /// <summary>Waits for one packet from the kernel and reads it whole.</summary>
    /// <param name="packet">Receives the packet; what does not fit is cut off, so give it the device's MTU at
    /// least.</param>
    /// <param name="timeoutMs">How long to wait, milliseconds; 0 returns at once.</param>
    /// <returns>The packet's length in bytes; 0 when none came in time.</returns>
    /// <exception cref="Win32Exception">The device went away or is down.</exception>
    public int Read(Span<byte> packet, int timeoutMs) =>
        TunNative.WaitReadable(_handle, timeoutMs) ? TunNative.Read(_handle, packet) : 0;

    /// <summary>Gives the kernel one whole IP packet, as if it had come in by this device.</summary>
    /// <returns>False when the kernel would not have it: malformed, out of memory, or the device is down.</returns>
    public bool Write(ReadOnlySpan<byte> packet) => TunNative.Write(_handle, packet) == packet.Length;

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    /// <summary>Turns the C library's last error into an exception that says what was attempted.</summary>
    internal static Win32Exception Failure(string attempt)
    {
        int error = Marshal.GetLastPInvokeError();
        return new Win32Exception(error, $"{attempt}: {Marshal.GetPInvokeErrorMessage(error)}");
    }
}
