using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

using Cgn.Ports.Kernel;

namespace Cgn.Ports.Tests.Support;

/// <summary>
/// A packet socket of the kernel (packet(7)) on the far device: sends and receives whole frames, independently of what
/// is tested.
/// </summary>
internal sealed class RawSocket : IDisposable
{
    private const int FamilyPacket = 17;
    private const int Raw = 3;
    private const int Outgoing = 4;
    private const int SocketLevel = 1;
    private const int ReceiveTimeout = 20;
    private const int ReceiveBuffer = 33;
    private readonly int _socket;

    internal RawSocket(string device)
    {
        _socket = socket(FamilyPacket, Raw, BinaryPrimitives.ReverseEndianness((ushort)3));
        byte[] address = new byte[20];
        BitConverter.TryWriteBytes(address, (ushort)FamilyPacket);
        BinaryPrimitives.WriteUInt16BigEndian(address.AsSpan(2), 3);
        BitConverter.TryWriteBytes(address.AsSpan(4), DeviceInfo.Read(device).Index);
        byte[] timeout = new byte[16];
        BitConverter.TryWriteBytes(timeout.AsSpan(8), 200_000L);
        byte[] buffer = BitConverter.GetBytes(64 << 20);
        if (_socket < 0 || bind(_socket, address, address.Length) != 0
            || setsockopt(_socket, SocketLevel, ReceiveTimeout, timeout, timeout.Length) != 0
            || setsockopt(_socket, SocketLevel, ReceiveBuffer, buffer, buffer.Length) != 0)
        {
            throw new InvalidOperationException($"packet socket on {device}: error {Marshal.GetLastPInvokeError()}");
        }
    }

    internal void Send(ReadOnlySpan<byte> frame)
    {
        byte[] bytes = frame.ToArray();
        if (send(_socket, bytes, bytes.Length, 0) != bytes.Length)
            throw new InvalidOperationException($"sending: error {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>The next frame from the other side; null when none came for 200 ms.</summary>
    internal byte[]? Receive()
    {
        byte[] buffer = new byte[4096];
        byte[] from = new byte[20];
        while (true)
        {
            int addressBytes = from.Length;
            nint length = recvfrom(_socket, buffer, buffer.Length, 0, from, ref addressBytes);
            if (length < 0)
                return null;
            if (from[10] != Outgoing)
                return buffer[..(int)length];
        }
    }

    public void Dispose() => _ = close(_socket);

    [DllImport("libc", SetLastError = true)]
    private static extern int socket(int family, int type, int protocol);

    [DllImport("libc", SetLastError = true)]
    private static extern int bind(int socket, byte[] address, int lengthBytes);

    [DllImport("libc", SetLastError = true)]
    private static extern int setsockopt(int socket, int level, int option, byte[] value, int lengthBytes);

    [DllImport("libc", SetLastError = true)]
    private static extern nint send(int socket, byte[] data, nint lengthBytes, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern nint recvfrom(
        int socket, byte[] data, nint lengthBytes, int flags, byte[] from, ref int fromBytes);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int descriptor);
}
