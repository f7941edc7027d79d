using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Control.Radius.Dynamic;

/// <summary>
/// A UDP port that answers datagrams one after the other, each from the address and port that it came to (RFC 5176
/// §2.3).
/// </summary>
internal sealed class DatagramService : IAsyncDisposable
{
    private const int BufferBytes = 65536;

    private readonly Socket _socket;
    private readonly Respond _respond;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;

    /// <summary>Opens the port.</summary>
    /// <param name="at">One address of this machine, and the port; 0 for any.</param>
    /// <param name="respond">Answers.</param>
    /// <exception cref="SocketException">The port can't be had.</exception>
    public DatagramService(IPEndPoint at, Respond respond)
    {
        _respond = respond;
        _socket = new Socket(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            _socket.Bind(at);
        }
        catch (SocketException)
        {
            _socket.Dispose();
            throw;
        }

        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _running = Task.Run(RunAsync);
    }

    /// <summary>The answer to a datagram, or null for silence.</summary>
    internal delegate byte[]? Respond(ReadOnlySpan<byte> datagram, IPEndPoint from);

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Closes the port.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _socket.Dispose();
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        byte[] buffer = new byte[BufferBytes];
        var anyone = new IPEndPoint(
            _socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (true)
        {
            try
            {
                SocketReceiveFromResult got =
                    await _socket.ReceiveFromAsync(buffer, anyone, _end.Token).ConfigureAwait(false);
                var from = (IPEndPoint)got.RemoteEndPoint;
                if (_respond(buffer.AsSpan(0, got.ReceivedBytes), from) is { } reply)
                    await _socket.SendToAsync(reply, from, _end.Token).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                // One sender that can't be reached is no reason to leave the others unanswered.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
