using System;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Cgn.Contract.Process;

/// <summary>
/// Tells the service manager how a process fares, as in sd_notify(3): datagrams of assignments to the socket that
/// NOTIFY_SOCKET names. Without one nothing is told. A message that can't be delivered is lost, never an error.
/// </summary>
public sealed class ServiceManager : IDisposable
{
    private const string SocketVariable = "NOTIFY_SOCKET";
    private const string WatchdogVariable = "WATCHDOG_USEC";
    private const string WatchdogProcessVariable = "WATCHDOG_PID";
    private const long UsPerSecond = 1_000_000;

    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _address;

    /// <summary>Makes one.</summary>
    /// <param name="socket">
    /// Path of the socket, or an abstract address that begins with @; null or empty where nobody listens.
    /// </param>
    /// <param name="watchdog">How often a sign of life must come at least; zero where none is waited for.</param>
    public ServiceManager(string? socket, TimeSpan watchdog)
    {
        if (string.IsNullOrEmpty(socket) || socket[0] is not ('/' or '@'))
            return;
        // An abstract address begins with a zero byte (unix(7)).
        _address = new UnixDomainSocketEndPoint(socket[0] == '@' ? "\0" + socket[1..] : socket);
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        Watchdog = watchdog;
    }

    /// <summary>Somebody listens.</summary>
    public bool IsThere => _socket is not null;

    /// <summary>How often a sign of life must come at least; zero where none is waited for.</summary>
    public TimeSpan Watchdog { get; }

    /// <summary>
    /// The service manager that has started this process, by the environment; processes that this one starts find
    /// nothing there, since what they say would be taken for ours.
    /// </summary>
    public static ServiceManager FromEnvironment()
    {
        string? socket = Environment.GetEnvironmentVariable(SocketVariable);
        string? watchdog = Environment.GetEnvironmentVariable(WatchdogVariable);
        string? process = Environment.GetEnvironmentVariable(WatchdogProcessVariable);
        foreach (string variable in (string[])[SocketVariable, WatchdogVariable, WatchdogProcessVariable])
            Environment.SetEnvironmentVariable(variable, null);
        bool isOurs = string.IsNullOrEmpty(process)
            || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        bool isWatched = long.TryParse(watchdog, NumberStyles.None, CultureInfo.InvariantCulture, out long us);
        return new ServiceManager(socket, isOurs && isWatched ? TimeSpan.FromMicroseconds(us) : TimeSpan.Zero);
    }

    /// <summary>It has started, or a reload is over.</summary>
    /// <param name="status">One line for people.</param>
    public void Ready(string status) => Tell($"READY=1\nSTATUS={status}");

    /// <summary>One line for people.</summary>
    public void Status(string status) => Tell($"STATUS={status}");

    /// <summary>It takes another configuration; <see cref="Ready"/> follows.</summary>
    public void Reloading() => Tell(string.Create(
        CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={MonotonicUs()}\nSTATUS=taking a configuration"));

    /// <summary>It ends.</summary>
    public void Stopping() => Tell("STOPPING=1\nSTATUS=ending");

    /// <summary>A sign of life.</summary>
    public void Alive() => Tell("WATCHDOG=1");

    /// <summary>Closes the socket.</summary>
    public void Dispose() => _socket?.Dispose();

    private static long MonotonicUs() =>
        (long)(Stopwatch.GetTimestamp() * ((double)UsPerSecond / Stopwatch.Frequency));

    private void Tell(string assignments)
    {
        try
        {
            _socket?.SendTo(Encoding.UTF8.GetBytes(assignments.ReplaceLineEndings("\n")), _address!);
        }
        catch (SocketException)
        {
            // Its socket is full or gone: whatever becomes of this process, it goes on until then.
        }
    }
}
