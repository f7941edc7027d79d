using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab.Servers;

/// <summary>
/// Echo over TCP and UDP (RFC 862), and beside it a UDP mirror that answers every datagram with the address and port it
/// came from.
/// </summary>
public sealed class EchoServer : IDisposable
{
    /// <summary>The port of both echo services.</summary>
    public const int EchoPort = 7;

    /// <summary>The UDP port of the mirror.</summary>
    public const int MirrorPort = 10_007;

    private readonly TcpListener _tcp;
    private readonly Socket _udp;
    private readonly Socket _mirror;

    /// <summary>Begins to listen on this address.</summary>
    /// <exception cref="SocketException">The address is not this machine's, or a port is taken.</exception>
    public EchoServer(IPAddress local)
    {
        _tcp = new TcpListener(local, EchoPort);
        _tcp.Start();
        _udp = Open(local, EchoPort);
        _mirror = Open(local, MirrorPort);
    }

    /// <summary>Serves until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(
        AcceptAsync(cancellation),
        ServeAsync(_udp, (datagram, _) => datagram, cancellation),
        ServeAsync(_mirror, (_, peer) => Encoding.ASCII.GetBytes(peer.ToString()!), cancellation));

    /// <inheritdoc/>
    public void Dispose()
    {
        _tcp.Dispose();
        _udp.Dispose();
        _mirror.Dispose();
    }

    private static Socket Open(IPAddress local, int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(local, port));
        return socket;
    }

    private static async Task ServeAsync(
        Socket socket,
        Func<ReadOnlyMemory<byte>, EndPoint, ReadOnlyMemory<byte>> answer,
        CancellationToken cancellation)
    {
        byte[] buffer = new byte[ushort.MaxValue];
        while (true)
        {
            SocketReceiveFromResult datagram = await socket
                .ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), cancellation);
            ReadOnlyMemory<byte> reply = answer(buffer.AsMemory(0, datagram.ReceivedBytes), datagram.RemoteEndPoint);
            await socket.SendToAsync(reply, datagram.RemoteEndPoint, cancellation);
        }
    }

    private static async Task EchoAsync(TcpClient client, CancellationToken cancellation)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                await stream.CopyToAsync(stream, cancellation);
            }
            catch (IOException)
            {
                // The client reset the connection; that is its right.
            }
        }
    }

    private async Task AcceptAsync(CancellationToken cancellation)
    {
        while (true)
            _ = EchoAsync(await _tcp.AcceptTcpClientAsync(cancellation), cancellation);
    }
}
