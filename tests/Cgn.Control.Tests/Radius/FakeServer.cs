using System;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

using Cgn.Control.Radius.Client;
using Cgn.Control.Radius.Packets;

namespace Cgn.Control.Tests.Radius;

/// <summary>A server that answers as a test wishes, on a loopback port.</summary>
internal sealed class FakeServer : IDisposable
{
    public static readonly byte[] Secret = Encoding.UTF8.GetBytes("kept between us");

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    /// <param name="answer">The answers to a request, in their order.</param>
    /// <param name="port">Port, 0 for any.</param>
    public FakeServer(Func<RadiusPacket, byte[][]> answer, int port = 0)
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _ = Task.Run(() => RunAsync(answer));
    }

    public IPEndPoint EndPoint { get; }

    public ConcurrentQueue<RadiusPacket> Requests { get; } = [];

    public RadiusServerSettings Settings => new(EndPoint, Secret);

    /// <summary>A signed reply.</summary>
    public static byte[] Reply(
        RadiusPacket request, RadiusCode code, Action<RadiusPacketWriter>? attributes = null, bool isSigned = true,
        byte[]? secret = null)
    {
        var writer = new RadiusPacketWriter(code, request.Identifier, isSigned);
        attributes?.Invoke(writer);
        return writer.SignReply(request.Authenticator, secret ?? Secret);
    }

    /// <summary>Acknowledges accounting and probes, and accepts whoever is asked for.</summary>
    public static byte[][] Good(RadiusPacket request) =>
    [
        Reply(request, request.Code switch
        {
            RadiusCode.AccountingRequest => RadiusCode.AccountingResponse,
            _ => RadiusCode.AccessAccept,
        }),
    ];

    public static byte[][] Silent(RadiusPacket request) => [];

    public void Dispose() => _socket.Dispose();

    private async Task RunAsync(Func<RadiusPacket, byte[][]> answer)
    {
        byte[] buffer = new byte[65536];
        while (true)
        {
            try
            {
                SocketReceiveFromResult got =
                    await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                if (!RadiusPacket.TryRead(buffer.AsSpan(0, got.ReceivedBytes), out RadiusPacket? request))
                    continue;
                Requests.Enqueue(request);
                foreach (byte[] reply in answer(request))
                    await _socket.SendToAsync(reply, got.RemoteEndPoint);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
