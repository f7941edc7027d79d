using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Control.Hosting;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.Hosting.Events;
using Cgn.Control.Hosting.Forwarders;
using Cgn.Control.Hosting.Metrics;

using Xunit;

namespace Cgn.Control.Tests.Hosting;

/// <summary>The server that Prometheus and health checks ask.</summary>
public class MetricsServiceTests
{
    [Fact]
    public async Task It_starts_though_clients_connect_in_the_same_instant()
    {
        using var gateway = new TestGateway();
        using var end = new CancellationTokenSource();
        var clients = new Thread(() => Connect(gateway.MetricsPort, end.Token));
        clients.Start();
        try
        {
            for (int i = 0; i < 30; i++)
            {
                await using MetricsService service = Make(gateway, new ForwarderStatistics());
                await service.StartAsync(CancellationToken.None);
                await service.StopAsync(CancellationToken.None);
            }
        }
        finally
        {
            end.Cancel();
            clients.Join();
        }
    }

    [Theory]
    [InlineData("GET /metr")]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: here\r\n")]
    [InlineData("POST /metrics HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nhalf")]
    public async Task Half_a_request_does_not_keep_it_from_ending(string begun)
    {
        using var gateway = new TestGateway();
        await using MetricsService service = Make(gateway, new ForwarderStatistics());
        await service.StartAsync(CancellationToken.None);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.MetricsPort);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(begun));

        // Within a time that the rest of the gateway has too, whose services end after this one.
        Task end = service.StopAsync(CancellationToken.None);
        Assert.Same(end, await Task.WhenAny(end, Task.Delay(TimeSpan.FromSeconds(25))));
    }

    private static MetricsService Make(TestGateway gateway, ForwarderStatistics statistics)
    {
        var attachment = new GatewayAttachment();
        var log = new OperatorLog(TextWriter.Null);
        var desk = new ConfigurationDesk(gateway.Settings, attachment, []);
        return new MetricsService(
            gateway.Settings, attachment, new EventPump(attachment, log, desk, [], []), statistics, log);
    }

    private static void Connect(int port, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(IPAddress.Loopback, port);
            }
            catch (SocketException)
            {
                // Nobody listens at this moment.
            }
        }
    }
}
