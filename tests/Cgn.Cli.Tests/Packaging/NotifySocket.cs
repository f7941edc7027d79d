using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

namespace Cgn.Cli.Tests.Packaging;

/// <summary>What a service manager hears of a process.</summary>
internal sealed class NotifySocket : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly List<string> _heard = [];

    public NotifySocket(string path)
    {
        Path = path;
        _socket.Bind(new UnixDomainSocketEndPoint(path));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
        _ = Task.Run(Listen);
    }

    public string Path { get; }

    public string[] Heard
    {
        get
        {
            lock (_heard)
                return [.. _heard];
        }
    }

    /// <summary>Waits for an assignment, heard at or behind a place; gives the place behind it.</summary>
    public async Task<int> UntilAsync(string assignment, Func<string> why, int from = 0)
    {
        for (DateTime deadline = DateTime.UtcNow + s_patience; DateTime.UtcNow < deadline; await Task.Delay(20))
        {
            string[] heard = Heard;
            for (int i = from; i < heard.Length; i++)
            {
                if (heard[i].Split('\n').Contains(assignment))
                    return i + 1;
            }
        }

        throw new TimeoutException($"{assignment} was not heard, but: {string.Join(" | ", Heard)}; {why()}");
    }

    public void Dispose()
    {
        _socket.Dispose();
        File.Delete(Path);
    }

    private void Listen()
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                int length = _socket.Receive(buffer);
                lock (_heard)
                    _heard.Add(Encoding.UTF8.GetString(buffer, 0, length));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
