using System;
using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab.Servers;

/// <summary>
/// The hidden verb `cgn lab probe`: what a host does in a check that no ordinary tool does. `meet` opens one UDP port,
/// learns its public endpoint from a mirror and answers who writes there; `say` writes to such an endpoint; `echo`
/// checks a TCP echo byte for byte; `map` asks for a TCP port by PCP and echoes what comes to it.
/// </summary>
public static class ProbeCommand
{
    /// <summary>What `meet` writes before its public endpoint.</summary>
    public const string MeetMark = "meet at ";

    private const int Attempts = 6;
    private static readonly TimeSpan s_attempt = TimeSpan.FromSeconds(1);

    /// <summary>Makes the command with its ways.</summary>
    public static Command Create()
    {
        Argument<IPEndPoint> peer = new("endpoint")
        {
            CustomParser = result => IPEndPoint.Parse(result.Tokens[0].Value),
        };
        Argument<string> text = new("text");
        Argument<int> length = new("bytes");
        Command meet = new("meet") { peer };
        meet.SetAction((result, cancellation) => MeetAsync(result.GetRequiredValue(peer), cancellation));
        Command say = new("say") { peer, text };
        say.SetAction((result, cancellation) =>
            SayAsync(result.GetRequiredValue(peer), result.GetRequiredValue(text), cancellation));
        Command echo = new("echo") { peer, length };
        echo.SetAction((result, cancellation) =>
            EchoAsync(result.GetRequiredValue(peer), result.GetRequiredValue(length), cancellation));
        Command map = new("map") { peer };
        map.SetAction((result, cancellation) =>
            PcpProbe.MapAsync(result.GetRequiredValue(peer), cancellation));
        Command command = new("probe", "One end of a check; used by `lab test`.")
        {
            meet, say, echo, map,
        };
        command.Hidden = true;
        return command;
    }

    private static async Task<int> MeetAsync(IPEndPoint mirror, CancellationToken cancellation)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        string? endpoint = await AskAsync(socket, mirror, "where am I?", cancellation);
        if (endpoint is null)
            return Fail($"the mirror {mirror} did not answer");

        Console.WriteLine($"{MeetMark}{endpoint}");
        byte[] buffer = new byte[2048];
        while (true)
        {
            SocketReceiveFromResult heard = await socket
                .ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), cancellation);
            string reply = $"{Encoding.UTF8.GetString(buffer, 0, heard.ReceivedBytes)} from {heard.RemoteEndPoint}";
            await socket.SendToAsync(Encoding.UTF8.GetBytes(reply), heard.RemoteEndPoint, cancellation);
        }
    }

    private static async Task<int> SayAsync(IPEndPoint peer, string text, CancellationToken cancellation)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        string? reply = await AskAsync(socket, peer, text, cancellation);
        if (reply is null)
            return Fail($"{peer} did not answer");
        Console.WriteLine(reply);
        return 0;
    }

    private static async Task<int> EchoAsync(IPEndPoint peer, int length, CancellationToken cancellation)
    {
        try
        {
            byte[] sent = LabContent.Make(length);
            byte[] received = new byte[length];
            using TcpClient client = new();
            await client.ConnectAsync(peer, cancellation);
            NetworkStream stream = client.GetStream();
            Task sending = stream.WriteAsync(sent, cancellation).AsTask();
            await stream.ReadExactlyAsync(received, cancellation);
            await sending;
            return sent.AsSpan().SequenceEqual(received) ? 0 : Fail("the echo differs from what was sent");
        }
        catch (Exception failure) when (failure is SocketException or System.IO.IOException)
        {
            return Fail($"{peer}: {failure.Message}");
        }
    }

    /// <summary>Sends until an answer comes; null when none does.</summary>
    private static async Task<string?> AskAsync(
        Socket socket,
        IPEndPoint peer,
        string question,
        CancellationToken cancellation)
    {
        byte[] buffer = new byte[2048];
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            deadline.CancelAfter(s_attempt);
            try
            {
                await socket.SendToAsync(Encoding.UTF8.GetBytes(question), peer, cancellation);
                SocketReceiveFromResult reply = await socket
                    .ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), deadline.Token);
                return Encoding.UTF8.GetString(buffer, 0, reply.ReceivedBytes);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // Lost on the way, as datagrams are; asked again.
            }
        }

        return null;
    }

    internal static int Fail(string message)
    {
        Console.Error.WriteLine($"cgn: {message}");
        return 1;
    }
}
