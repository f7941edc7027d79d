using System;
using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab.Servers;

/// <summary>The hidden verb `cgn lab servers`: what the lab's Internet serves, in one process.</summary>
public static class ServersCommand
{
    private const int WebPort = 80;
    private const int DnsPort = 53;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        Command command = new("servers", "Serves the lab's pages, names and echoes; started by `lab up`.")
        {
            Hidden = true,
        };
        command.SetAction((_, cancellation) => LabFailure.GuardAsync(() => RunAsync(cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellation)
    {
        try
        {
            IPAddress address = IPAddress.Parse(LabTopology.ServerAddress);
            using WebServer web = new(WebPort);
            using DnsServer dns = new(new IPEndPoint(IPAddress.Parse(LabTopology.NameServerAddress), DnsPort), address);
            using EchoServer echo = new(address);
            Console.WriteLine("ready");
            await Task.WhenAll(web.RunAsync(cancellation), dns.RunAsync(cancellation), echo.RunAsync(cancellation));
            return 0;
        }
        catch (Exception refusal) when (refusal is SocketException or HttpListenerException)
        {
            throw new LabException(
                $"The lab's servers cannot start: {refusal.Message}. They run only in the lab's own namespace.",
                refusal);
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }
}
