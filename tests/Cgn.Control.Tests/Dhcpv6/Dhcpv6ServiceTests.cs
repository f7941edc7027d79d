using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Dhcpv6;
using Cgn.Control.Hosting;
using Cgn.Control.Hosting.Forwarders;
using Cgn.Control.Tests.Configuration;
using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Dhcpv6;

/// <summary>The DHCPv6 responder behind a real socket, on the loopback device.</summary>
public sealed class Dhcpv6ServiceTests
{
    private static readonly byte[] s_request =
        [11, 1, 2, 3, 0, 1, 0, 6, 0, 3, 0, 1, 7, 7, 0, 6, 0, 2, 0, 64, 0, 8, 0, 2, 0, 0];

    private static readonly byte[] s_name = [0, 64, 0, 18, 4, .. "aftr"u8, 7, .. "example"u8, 3, .. "com"u8, 0];

    [Fact]
    [Requirement("RFC6334-S3-1")]
    public async Task A_client_gets_the_name_at_its_port_whatever_others_have_sent_before()
    {
        using Socket client = Open();
        int server = FreePort();
        using var service = new Dhcpv6Service(Settings("lo"), server, Port(client));
        await service.StartAsync(CancellationToken.None);

        var address = new IPEndPoint(IPAddress.IPv6Loopback, server);
        await client.SendToAsync(new byte[] { 1, 2 }, address);
        await client.SendToAsync(new byte[60_000], address);
        // Whoever asks by another port is answered at the clients' all the same (RFC 8415 section 7.2).
        using Socket stranger = Open();
        await stranger.SendToAsync(s_request, address);
        byte[] buffer = new byte[2048];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        int length = await client.ReceiveAsync(buffer, patience.Token);

        Assert.Equal([7, 1, 2, 3], buffer[..4]);
        Assert.True(buffer.AsSpan(0, length).IndexOf(s_name) > 0);
        Assert.Equal(0, stranger.Available);
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_port_that_is_taken_and_a_device_that_is_not_there_are_refused_in_words()
    {
        using Socket other = Open(any: true);
        using var late = new Dhcpv6Service(Settings("lo"), Port(other), 546);
        SystemRefusedException taken =
            await Assert.ThrowsAsync<SystemRefusedException>(() => late.StartAsync(CancellationToken.None));
        Assert.Contains($"another server may have port {Port(other)}", taken.Message);

        SystemRefusedException absent = await Assert.ThrowsAsync<SystemRefusedException>(async () =>
        {
            using var service = new Dhcpv6Service(Settings("nosuch0"), FreePort(), 546);
            await service.StartAsync(CancellationToken.None);
        });
        Assert.Contains("nosuch0 is no device of this machine", absent.Message);
    }

    private static Socket Open(bool any = false)
    {
        var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(any ? IPAddress.IPv6Any : IPAddress.IPv6Loopback, 0));
        return socket;
    }

    private static int Port(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static int FreePort()
    {
        using Socket socket = Open(any: true);
        return Port(socket);
    }

    private static ControlSettings Settings(string device)
    {
        string yaml = ConfigText.Small + $"dhcpv6: {{ device: {device}, aftr-name: aftr.example.com }}\n";
        bool usable = ConfigLoader.TryParse(
            "test.yaml", yaml, out ConfigSnapshot? snapshot, out GatewayOptions? options, out FaultList faults);
        Assert.True(usable, string.Join('\n', faults.All));
        return new ControlSettings(
            options!, snapshot!, new StateDirectory(Path.GetTempPath()), new ForwarderCommand("true", []));
    }
}
