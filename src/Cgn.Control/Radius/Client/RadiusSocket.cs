using System;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Control.Radius.Packets;

namespace Cgn.Control.Radius.Client;

/// <summary>
/// One UDP port of ours towards one server: 256 identifiers (RFC 2865 §3). The socket is connected, so the kernel
/// passes on nothing that comes from elsewhere.
/// </summary>
internal sealed class RadiusSocket : IDisposable
{
    /// <summary>Identifiers of a socket.</summary>
    public const int Identifiers = 256;

    private const int BufferBytes = 65536;

    private readonly RadiusServerSettings _server;
    private readonly RadiusStatistics _statistics;
    private readonly Action _heard;
    private readonly Socket _socket;
    private readonly PendingReply?[] _pending = new PendingReply?[Identifiers];
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new();
    private int _next;

    /// <summary>Opens a port and listens.</summary>
    /// <param name="server">The server.</param>
    /// <param name="statistics">Where is counted.</param>
    /// <param name="heard">Told of every reply that surely comes from the server.</param>
    public RadiusSocket(RadiusServerSettings server, RadiusStatistics statistics, Action heard)
    {
        _server = server;
        _statistics = statistics;
        _heard = heard;
        _socket = new Socket(server.EndPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Connect(server.EndPoint);
        _next = Random.Shared.Next(Identifiers);
        _ = Task.Run(ReceiveAsync);
    }

    /// <summary>Takes an identifier, the one that was free for longest.</summary>
    /// <returns>Null when all are in use.</returns>
    public PendingReply? Reserve()
    {
        lock (_gate)
        {
            for (int i = 0; i < Identifiers; i++)
            {
                byte identifier = (byte)_next++;
                if (_pending[identifier] is null)
                    return _pending[identifier] = new PendingReply(this, identifier);
            }

            return null;
        }
    }

    /// <summary>Gives an identifier back.</summary>
    public void Release(byte identifier)
    {
        lock (_gate)
            _pending[identifier] = null;
    }

    /// <summary>Sends a packet; what can't be sent is as good as lost on the way.</summary>
    public void Send(byte[] packet)
    {
        try
        {
            _socket.Send(packet);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The retransmission tries again, and another server is tried after that.
        }
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        _end.Cancel();
        _socket.Dispose();
        _end.Dispose();
    }

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[BufferBytes];
        CancellationToken end = _end.Token;
        while (!end.IsCancellationRequested)
        {
            try
            {
                int bytes = await _socket.ReceiveAsync(buffer, end).ConfigureAwait(false);
                Take(buffer.AsSpan(0, bytes));
            }
            catch (SocketException)
            {
                // "Port unreachable" of a request before: the server is not up, which its silence will show.
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Take(ReadOnlySpan<byte> datagram)
    {
        if (!RadiusPacket.TryRead(datagram, out RadiusPacket? reply))
        {
            _statistics.Count(RadiusCounter.RepliesMalformed);
            return;
        }

        PendingReply? pending;
        lock (_gate)
            pending = _pending[reply.Identifier];
        if (pending?.Request is not { } request || pending.Reply is not null)
        {
            _statistics.Count(RadiusCounter.RepliesStray);
            return;
        }

        if (ReplyCheck.Of(reply, request, _server) is { } wrong)
        {
            _statistics.Count(wrong);
            return;
        }

        _statistics.Count(RadiusCounter.Replies);
        _heard();
        pending.Complete(reply);
    }
}
