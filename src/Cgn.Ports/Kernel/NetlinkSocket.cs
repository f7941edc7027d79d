using System;
using System.Runtime.InteropServices;

using Cgn.Ports.Native;

namespace Cgn.Ports.Kernel;

/// <summary>
/// A conversation with the kernel's routing tables, in the network namespace of the thread that opens it.
/// </summary>
internal sealed unsafe class NetlinkSocket : IDisposable
{
    /// <summary>What <see cref="Receive"/> returns when nothing waits.</summary>
    internal const int Nothing = 0;

    /// <summary>
    /// What <see cref="Receive"/> returns when the kernel had more to tell than the socket could hold: some messages
    /// are lost.
    /// </summary>
    internal const int Overrun = -1;

    private const int SocketLevel = 1;
    private const int ReceiveBuffer = 8;
    private const int ReceiveBufferForce = 33;
    private const int ReceiveBufferBytes = 16 << 20;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(256 << 10, pinned: true);
    private int _socket;
    private uint _sequence;

    /// <param name="groups">What to be told without asking: 0 for nothing.</param>
    /// <exception cref="PortException">The kernel refuses the socket.</exception>
    internal NetlinkSocket(uint groups)
    {
        _socket = LibC.socket(LibC.AddressFamilyNetlink, LibC.SocketRaw | LibC.CloseOnExec, 0);
        Address address = new() { Family = LibC.AddressFamilyNetlink, Groups = groups };
        if (_socket < 0 || LibC.bind(_socket, &address, (uint)sizeof(Address)) != 0)
            throw new PortException($"the kernel's routing tables can't be followed: {SystemError.Last()}");
        int bytes = ReceiveBufferBytes;
        if (LibC.setsockopt(_socket, SocketLevel, ReceiveBufferForce, &bytes, sizeof(int)) != 0)
            _ = LibC.setsockopt(_socket, SocketLevel, ReceiveBuffer, &bytes, sizeof(int));
    }

    internal int Descriptor => _socket;

    /// <summary>Asks for all objects of a kind; the answers end with <see cref="Rtnetlink.MessageDone"/>.</summary>
    /// <returns>The sequence number that the answers carry.</returns>
    internal uint RequestAll(ushort type, byte family)
    {
        Span<byte> body = stackalloc byte[Rtnetlink.LinkBytes];
        body.Clear();
        body[0] = family;
        int length = type switch
        {
            Rtnetlink.GetLink => Rtnetlink.LinkBytes,
            Rtnetlink.GetAddress => Rtnetlink.AddressBytes,
            _ => Rtnetlink.RouteBytes,
        };
        return Send(type, Rtnetlink.FlagRequest | Rtnetlink.FlagDump, body[..length]);
    }

    /// <summary>Sends one request.</summary>
    /// <returns>Its sequence number.</returns>
    internal uint Send(ushort type, ushort flags, ReadOnlySpan<byte> body)
    {
        const int MaxBytes = 128;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(body.Length, MaxBytes - Rtnetlink.HeaderBytes);
        Span<byte> message = stackalloc byte[MaxBytes];
        message = message[..(Rtnetlink.HeaderBytes + body.Length)];
        uint sequence = ++_sequence;
        MemoryMarshal.Write(message, (uint)message.Length);
        MemoryMarshal.Write(message[4..], type);
        MemoryMarshal.Write(message[6..], flags);
        MemoryMarshal.Write(message[8..], sequence);
        MemoryMarshal.Write(message[12..], 0u);
        body.CopyTo(message[Rtnetlink.HeaderBytes..]);
        Address kernel = new() { Family = LibC.AddressFamilyNetlink };
        fixed (byte* data = message)
            _ = LibC.sendto(_socket, data, (nuint)message.Length, 0, &kernel, (uint)sizeof(Address));
        return sequence;
    }

    /// <summary>Takes one datagram of messages, valid until the next call.</summary>
    /// <param name="messages">The messages; empty when the result is not positive.</param>
    /// <param name="wait">True: waits for one.</param>
    internal int Receive(out ReadOnlySpan<byte> messages, bool wait)
    {
        messages = default;
        while (true)
        {
            // The buffer is pinned, and longer than any datagram the kernel makes (32 KiB).
            void* data = (void*)Marshal.UnsafeAddrOfPinnedArrayElement(_buffer, 0);
            nint length = LibC.recvfrom(
                _socket, data, (nuint)_buffer.Length, wait ? 0 : LibC.MessageDontWait, null, null);
            if (length > 0)
            {
                messages = _buffer.AsSpan(0, (int)length);
                return (int)length;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == LibC.ErrorNoBufferSpace)
                return Overrun;
            if (error != LibC.ErrorInterrupted)
                return Nothing;
        }
    }

    public void Dispose()
    {
        if (_socket >= 0)
            _ = LibC.close(_socket);
        _socket = -1;
    }

    /// <summary>struct sockaddr_nl: 12 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Address
    {
        public ushort Family;
        public ushort Padding;
        public uint Port;
        public uint Groups;
    }
}
