using System;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;

using Microsoft.Extensions.Hosting;

namespace Cgn.Control.Dhcpv6;

/// <summary>Listens for DHCPv6 clients and relay agents on one device.</summary>
internal sealed class Dhcpv6Service : BackgroundService
{
    private const int ServerPort = 547;
    private const int ClientPort = 546;
    private const int MessageBytesMax = 65536;

    private static readonly IPAddress s_agentsAndServers = IPAddress.Parse("ff02::1:2");
    private static readonly IPAddress s_servers = IPAddress.Parse("ff05::1:3");

    private readonly int _serverPort;
    private readonly int _clientPort;
    private readonly string _device;
    private readonly Dhcpv6Responder _responder;
    private Socket? _socket;

    public Dhcpv6Service(ControlSettings settings)
        : this(settings, ServerPort, ClientPort)
    {
    }

    // With other ports, for tests.
    internal Dhcpv6Service(ControlSettings settings, int serverPort, int clientPort)
    {
        _serverPort = serverPort;
        _clientPort = clientPort;
        Dhcpv6Section section = settings.Options.Dhcpv6!;
        _device = section.Device ?? settings.Snapshot.Inside.Device;
        _responder = new Dhcpv6Responder(
            ServerDuid.Of(_device, settings.Snapshot.Name), section.AftrName.Name, section.OfferPriority);
    }

    /// <inheritdoc/>
    /// <exception cref="SystemRefusedException">The device is not there, or the port can't be had.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        int index = NetworkIndex(_device);
        var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.DualMode = false;
            socket.Bind(new IPEndPoint(IPAddress.IPv6Any, _serverPort));
            foreach (IPAddress group in new[] { s_agentsAndServers, s_servers })
            {
                socket.SetSocketOption(
                    SocketOptionLevel.IPv6, SocketOptionName.AddMembership, new IPv6MulticastOption(group, index));
            }
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new SystemRefusedException(
                $"DHCPv6 on {_device} can't be served: {error.Message}; another server may have port {_serverPort}",
                error);
        }

        _socket = socket;
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _socket?.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        byte[] buffer = new byte[MessageBytesMax];
        var anyone = new IPEndPoint(IPAddress.IPv6Any, 0);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult from =
                    await _socket!.ReceiveFromAsync(buffer, anyone, stoppingToken).ConfigureAwait(false);
                await AnswerAsync(buffer.AsMemory(0, from.ReceivedBytes), (IPEndPoint)from.RemoteEndPoint)
                    .ConfigureAwait(false);
            }
            catch (SocketException)
            {
                // One client that can't be reached is no reason to leave the others unanswered.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(ReadOnlyMemory<byte> message, IPEndPoint sender)
    {
        if (_responder.Respond(message.Span) is not { } answer)
            return;
        int port = Dhcpv6Responder.IsRelayed(message.Span) ? _serverPort : _clientPort;
        await _socket!.SendToAsync(answer, new IPEndPoint(sender.Address, port)).ConfigureAwait(false);
    }

    private static int NetworkIndex(string device)
    {
        foreach (NetworkInterface candidate in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (candidate.Name == device)
                return candidate.GetIPProperties().GetIPv6Properties().Index;
        }

        throw new SystemRefusedException($"dhcpv6.device {device} is no device of this machine");
    }
}
