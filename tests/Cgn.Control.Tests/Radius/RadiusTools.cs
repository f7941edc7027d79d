using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

using Xunit;

namespace Cgn.Control.Tests.Radius;

/// <summary>FreeRADIUS's programs, where they are installed, and how they are run.</summary>
internal static class RadiusTools
{
    public const string Secret = "kept between us";

    public static string? Server => Find("freeradius");

    public static string? Client => Find("radclient");

    /// <summary>Skips a test where the server or its client is not there.</summary>
    public static void Need()
    {
        Skip.If(Server is null, "freeradius is not installed; tools/deps test installs it");
        Skip.If(Client is null, "radclient is not installed; tools/deps test installs it");
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Sends one packet with radclient and gives back all that it says.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="command">coa, disconnect, auth, acct or status.</param>
    /// <param name="attributes">The packet's attributes, one an item.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="tries">How often it sends, a second apart.</param>
    public static async Task<string> SendAsync(
        IPEndPoint to, string command, string[] attributes, string secret = Secret, int tries = 20)
    {
        ProcessStartInfo start = new(Client!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string word in (string[])["-x", "-r", $"{tries}", "-t", "1", $"{to}", command, secret])
            start.ArgumentList.Add(word);
        using Process process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync(string.Join(", ", attributes));
        process.StandardInput.Close();
        Task<string> said = process.StandardOutput.ReadToEndAsync();
        Task<string> wrong = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw;
        }

        return await said + await wrong;
    }

    private static string? Find(string program) =>
        new[] { "/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin" }
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
