using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab.Servers;

/// <summary>
/// The lab's name server over UDP (RFC 1035): it knows one name, <see cref="KnownName"/>, with one A record; other
/// types of it have no record, other names do not exist.
/// </summary>
public sealed class DnsServer : IDisposable
{
    /// <summary>The one name there is.</summary>
    public const string KnownName = "www.lab.example";

    private const int HeaderBytes = 12;
    private const int MessageBytesMax = 512;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly IPAddress _answer;

    /// <summary>Begins to listen.</summary>
    /// <param name="local">Its own address and port.</param>
    /// <param name="answer">The IPv4 address of <see cref="KnownName"/>.</param>
    /// <exception cref="SocketException">The address is not this machine's, or the port is taken.</exception>
    public DnsServer(IPEndPoint local, IPAddress answer)
    {
        _answer = answer;
        _socket.Bind(local);
    }

    /// <summary>Serves until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        byte[] buffer = new byte[MessageBytesMax];
        while (true)
        {
            SocketReceiveFromResult query = await _socket
                .ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), cancellation);
            byte[]? reply = Answer(buffer.AsSpan(0, query.ReceivedBytes), _answer);
            if (reply is not null)
                await _socket.SendToAsync(reply, query.RemoteEndPoint, cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>The answer to one query; null for what is no query with exactly one whole question.</summary>
    internal static byte[]? Answer(ReadOnlySpan<byte> query, IPAddress address)
    {
        const ushort TypeA = 1;
        const ushort ResponseFlags = 0x8400; // a response, authoritative
        const ushort NoSuchName = 3;
        const uint TtlSeconds = 60;
        if (query.Length < HeaderBytes || query[2] >> 7 != 0 || BinaryPrimitives.ReadUInt16BigEndian(query[4..]) != 1)
            return null;
        int questionBytes = ReadQuestion(query[HeaderBytes..], out string name, out ushort type);
        if (questionBytes == 0)
            return null;

        bool known = name.Equals(KnownName, StringComparison.OrdinalIgnoreCase);
        bool hasRecord = known && type == TypeA;
        byte[] reply = new byte[HeaderBytes + questionBytes + (hasRecord ? 16 : 0)];
        query[..(HeaderBytes + questionBytes)].CopyTo(reply);
        Span<byte> header = reply.AsSpan(0, HeaderBytes);
        ushort recursionDesired = (ushort)(query[2] << 8 & 0x0100);
        int flags = ResponseFlags | recursionDesired | (known ? 0 : NoSuchName);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)flags);
        BinaryPrimitives.WriteUInt16BigEndian(header[6..], (ushort)(hasRecord ? 1 : 0));
        header[8..].Clear();
        if (hasRecord)
        {
            Span<byte> record = reply.AsSpan(HeaderBytes + questionBytes);
            // The name, as a pointer to the question's (RFC 1035, section 4.1.4).
            BinaryPrimitives.WriteUInt16BigEndian(record, 0xC000 | HeaderBytes);
            BinaryPrimitives.WriteUInt16BigEndian(record[2..], TypeA);
            BinaryPrimitives.WriteUInt16BigEndian(record[4..], 1); // class IN
            BinaryPrimitives.WriteUInt32BigEndian(record[6..], TtlSeconds);
            BinaryPrimitives.WriteUInt16BigEndian(record[10..], 4);
            address.TryWriteBytes(record[12..], out _);
        }

        return reply;
    }

    private static int ReadQuestion(ReadOnlySpan<byte> bytes, out string name, out ushort type)
    {
        const int LabelBytesMax = 63;
        StringBuilder text = new();
        (name, type) = ("", 0);
        int at = 0;
        while (at < bytes.Length && bytes[at] != 0)
        {
            int length = bytes[at];
            if (length > LabelBytesMax || at + 1 + length >= bytes.Length)
                return 0;
            text.Append(text.Length > 0 ? "." : "").Append(Encoding.ASCII.GetString(bytes.Slice(at + 1, length)));
            at += 1 + length;
        }

        if (at + 5 > bytes.Length)
            return 0;
        name = text.ToString();
        type = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 1)..]);
        return at + 5;
    }
}
