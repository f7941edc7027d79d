using System;
using System.Buffers.Binary;
using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;

using Cgn.Ports.Tun;

namespace Cgn.Cli.Lab.B4;

/// <summary>
/// The B4 itself: IPv4 packets from a TUN device go into IPv6 packets to the AFTR, and the AFTR's back out of theirs.
/// The kernel makes the IPv6 header, fragments what exceeds the path MTU, and reassembles what comes; this type adds
/// the destination-options header and refuses what is not IPv4. One thread each way.
/// </summary>
public sealed class B4Relay : IDisposable
{
    private const byte NextHeaderIpv4 = 4;
    private const int LevelIpv6 = 41;
    private const int OptionDestinationOptions = 59;
    private const int LevelSocket = 1;
    private const int OptionBindToDevice = 25;
    private const int PacketBytesMax = 65_535;
    private const int TurnMs = 200;
    private const int SocketBufferBytes = 4 << 20;

    private readonly TunDevice _tun;
    private readonly Socket _softwire;
    private long _sent;
    private long _received;
    private long _refused;
    private long _failed;

    /// <summary>Opens the TUN device and the softwire's socket.</summary>
    /// <exception cref="LabException">The kernel refused one of them.</exception>
    public B4Relay(B4Options options)
    {
        try
        {
            _tun = TunDevice.Open(options.TunName);
            _softwire = OpenSoftwire(options);
        }
        catch (Exception refusal) when (refusal is Win32Exception or SocketException)
        {
            _tun?.Dispose();
            throw new LabException(
                $"The B4 cannot start: {refusal.Message}. It needs root (CAP_NET_ADMIN and CAP_NET_RAW).",
                refusal);
        }
    }

    /// <summary>IPv4 packets sent into the softwire.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>IPv4 packets that came out of it.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Packets of either side that were not IPv4, or whose length lied.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Packets that the kernel would not send or take: too big, no route, no room.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Relays until it is cancelled.</summary>
    /// <exception cref="Win32Exception">The TUN device went away.</exception>
    public void Run(CancellationToken cancellation)
    {
        Thread down = new(() => RelayDown(cancellation)) { IsBackground = true, Name = "b4-down" };
        down.Start();
        RelayUp(cancellation);
        down.Join();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _softwire.Dispose();
        _tun.Dispose();
    }

    /// <summary>
    /// The destination-options header that Linux's own tunnel sends: an encapsulation limit (type 4) and three bytes of
    /// padding. The first byte, the next header, is the kernel's to fill (RFC 2473, section 4.1.1).
    /// </summary>
    internal static byte[] LimitHeader(byte limit) => [0, 0, 4, 1, limit, 1, 1, 0];

    /// <summary>
    /// The length in bytes of the IPv4 packet at the start of these bytes; 0 when there is no whole one (RFC 791,
    /// section 3.1).
    /// </summary>
    internal static int Ipv4Length(ReadOnlySpan<byte> bytes)
    {
        const int HeaderBytesMin = 20;
        if (bytes.Length < HeaderBytesMin || bytes[0] >> 4 != 4)
            return 0;

        int headerBytes = (bytes[0] & 0x0F) * 4;
        int totalBytes = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        bool whole = headerBytes >= HeaderBytesMin && totalBytes >= headerBytes && totalBytes <= bytes.Length;
        return whole ? totalBytes : 0;
    }

    private static Socket OpenSoftwire(B4Options options)
    {
        Socket softwire = RawIpv6Socket.Open(NextHeaderIpv4);
        try
        {
            if (options.Device is { } device)
                softwire.SetRawSocketOption(LevelSocket, OptionBindToDevice, Encoding.ASCII.GetBytes(device + '\0'));
            if (options.EncapsulationLimit is { } limit)
                softwire.SetRawSocketOption(LevelIpv6, OptionDestinationOptions, LimitHeader(limit));
            softwire.SendBufferSize = SocketBufferBytes;
            softwire.ReceiveBufferSize = SocketBufferBytes;
            softwire.ReceiveTimeout = TurnMs;
            softwire.Bind(new IPEndPoint(options.Local, 0));
            softwire.Connect(new IPEndPoint(options.Aftr, 0));
            return softwire;
        }
        catch
        {
            softwire.Dispose();
            throw;
        }
    }

    private void RelayUp(CancellationToken cancellation)
    {
        byte[] buffer = new byte[PacketBytesMax];
        while (!cancellation.IsCancellationRequested)
        {
            int length = _tun.Read(buffer, TurnMs);
            if (length == 0)
                continue;
            if (Ipv4Length(buffer.AsSpan(0, length)) == length)
                SendUp(buffer.AsSpan(0, length));
            else
                Interlocked.Increment(ref _refused);
        }
    }

    private void SendUp(ReadOnlySpan<byte> packet)
    {
        try
        {
            _softwire.Send(packet);
            Interlocked.Increment(ref _sent);
        }
        catch (SocketException)
        {
            // An ICMPv6 error about an earlier packet is reported here too; either way a tunnel loses the packet and
            // goes on.
            Interlocked.Increment(ref _failed);
        }
    }

    private void RelayDown(CancellationToken cancellation)
    {
        byte[] buffer = new byte[PacketBytesMax];
        while (!cancellation.IsCancellationRequested)
        {
            int received = ReceiveDown(buffer);
            if (received == 0)
                continue;
            int length = Ipv4Length(buffer.AsSpan(0, received));
            if (length == 0)
                Interlocked.Increment(ref _refused);
            else if (_tun.Write(buffer.AsSpan(0, length)))
                Interlocked.Increment(ref _received);
            else
                Interlocked.Increment(ref _failed);
        }
    }

    private int ReceiveDown(byte[] buffer)
    {
        try
        {
            return _softwire.Receive(buffer);
        }
        catch (SocketException error)
        {
            // Running out of time is how the loop comes by to see whether it is cancelled.
            bool idle = error.SocketErrorCode
                is SocketError.TimedOut or SocketError.WouldBlock or SocketError.Interrupted;
            if (!idle)
                Interlocked.Increment(ref _failed);
            return 0;
        }
    }
}
