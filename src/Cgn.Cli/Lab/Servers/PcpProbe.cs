using System;
using System.Buffers.Binary;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Cli.Lab.Servers;

/// <summary>
/// A host that asks for a public TCP port by PCP (RFC 6887, opcode MAP) and echoes what comes to it. Told to end, it
/// gives the port back. It shares no code with the server.
/// </summary>
public static class PcpProbe
{
    /// <summary>What it writes before its public endpoint.</summary>
    public const string MapMark = "mapped ";

    /// <summary>What it writes when the server has taken the mapping away again.</summary>
    public const string DeletedMark = "deleted";

    private const int MapBytes = 60;
    private const byte Version = 2;
    private const byte MapOpcode = 1;
    private const byte Response = 0x80;
    private const byte Tcp = 6;
    private const uint LifetimeSeconds = 600;
    private const int Attempts = 5;

    private static readonly TimeSpan s_attempt = TimeSpan.FromSeconds(1);

    /// <summary>Asks, says what it got, and echoes until its standard input ends; then gives the port back.</summary>
    /// <param name="server">The PCP server.</param>
    /// <param name="cancellation">Ends it without giving anything back.</param>
    /// <returns>An exit code.</returns>
    public static async Task<int> MapAsync(IPEndPoint server, CancellationToken cancellation)
    {
        using TcpListener listener = new(IPAddress.Any, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellation);
        byte[] request = Request(((IPEndPoint)socket.LocalEndPoint!).Address, port);
        if (await AskAsync(socket, request, LifetimeSeconds, cancellation) is not { } endpoint)
            return 1;
        Console.WriteLine($"{MapMark}{endpoint}");

        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task serving = ServeAsync(listener, end.Token);
        await Console.In.ReadToEndAsync(cancellation);
        if (await AskAsync(socket, request, lifetime: 0, cancellation) is null)
            return 1;
        Console.WriteLine(DeletedMark);
        await end.CancelAsync();
        await serving;
        return 0;
    }

    // Sections 7.1 and 11.1; any external address and port will do.
    private static byte[] Request(IPAddress client, int port)
    {
        byte[] request = new byte[MapBytes];
        request[0] = Version;
        request[1] = MapOpcode;
        client.MapToIPv6().TryWriteBytes(request.AsSpan(8), out _);
        RandomNumberGenerator.Fill(request.AsSpan(24, 12));
        request[36] = Tcp;
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(40), (ushort)port);
        IPAddress.Any.MapToIPv6().TryWriteBytes(request.AsSpan(44), out _);
        return request;
    }

    private static async Task<IPEndPoint?> AskAsync(
        Socket socket, byte[] request, uint lifetime, CancellationToken cancellation)
    {
        BinaryPrimitives.WriteUInt32BigEndian(request.AsSpan(4), lifetime);
        byte[] reply = new byte[2048];
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            deadline.CancelAfter(s_attempt);
            try
            {
                await socket.SendAsync(request, cancellation);
                int length = await socket.ReceiveAsync(reply, deadline.Token);
                return Read(reply.AsSpan(0, length), request, lifetime);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // Lost on the way; asked again.
            }
        }

        ProbeCommand.Fail("the PCP server did not answer");
        return null;
    }

    private static IPEndPoint? Read(ReadOnlySpan<byte> reply, ReadOnlySpan<byte> request, uint lifetime)
    {
        if (reply.Length < MapBytes || reply[0] != Version || reply[1] != (Response | MapOpcode) || reply[3] != 0)
        {
            ProbeCommand.Fail(reply.Length < 4 ? "the PCP server answered nothing" : $"PCP result {reply[3]}");
            return null;
        }

        uint granted = BinaryPrimitives.ReadUInt32BigEndian(reply[4..]);
        // Given back, a mapping that carries traffic lives until that would have ended it (section 15).
        bool isMeant = lifetime == 0 ? granted < LifetimeSeconds : granted == lifetime;
        if (!reply[24..42].SequenceEqual(request[24..42]) || !isMeant)
        {
            ProbeCommand.Fail($"the PCP server answered another request, or with a lifetime of {granted} s");
            return null;
        }

        IPAddress external = new IPAddress(reply[44..60]).MapToIPv4();
        return new IPEndPoint(external, BinaryPrimitives.ReadUInt16BigEndian(reply[42..]));
    }

    private static async Task ServeAsync(TcpListener listener, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                using TcpClient client = await listener.AcceptTcpClientAsync(cancellation);
                NetworkStream stream = client.GetStream();
                await stream.CopyToAsync(stream, cancellation);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or IOException or SocketException)
        {
            // Told to end, or the other side has gone.
        }
    }
}
