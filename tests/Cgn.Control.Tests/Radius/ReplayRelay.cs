using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Control.Tests.Radius;

/// <summary>Passes one request on to a gateway and its reply back, and can send it again later.</summary>
internal sealed class ReplayRelay : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly Socket _outside = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _inside = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly IPEndPoint _gateway;
    private byte[] _request = [];

    public ReplayRelay(IPEndPoint gateway)
    {
        _gateway = gateway;
        _outside.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _inside.Connect(gateway);
        _ = Task.Run(PassAsync);
    }

    public IPEndPoint EndPoint => (IPEndPoint)_outside.LocalEndPoint!;

    /// <summary>Sends the request again by the same port, and gives back the reply.</summary>
    public async Task<byte[]> RepeatAsync()
    {
        await _inside.SendAsync(_request);
        return await ReceiveAsync();
    }

    /// <summary>Sends the request again by another port.</summary>
    public async Task RepeatFromElsewhereAsync()
    {
        using Socket other = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await other.SendToAsync(_request, _gateway);
    }

    public void Dispose()
    {
        _outside.Dispose();
        _inside.Dispose();
    }

    private async Task PassAsync()
    {
        byte[] buffer = new byte[4096];
        using CancellationTokenSource patience = new(s_limit);
        SocketReceiveFromResult got = await _outside.ReceiveFromAsync(
            buffer, new IPEndPoint(IPAddress.Any, 0), patience.Token);
        _request = buffer[..got.ReceivedBytes];
        await _inside.SendAsync(_request);
        await _outside.SendToAsync(await ReceiveAsync(), got.RemoteEndPoint);
    }

    private async Task<byte[]> ReceiveAsync()
    {
        byte[] buffer = new byte[4096];
        using CancellationTokenSource patience = new(s_limit);
        return buffer[..await _inside.ReceiveAsync(buffer, patience.Token)];
    }
}
