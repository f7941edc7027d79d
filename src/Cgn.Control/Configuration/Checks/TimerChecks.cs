using System.Collections.Generic;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Checks;

/// <summary>
/// Timers against the least that the standards allow: allowed for tests and emergencies, with a warning.
/// </summary>
internal static class TimerChecks
{
    public static void Run(TimersSection timers, FaultList faults)
    {
        Floor(timers, nameof(timers.UdpTimeout), "udp-timeout", timers.UdpTimeout, 120, "RFC 4787 REQ-5", faults);
        Floor(
            timers, nameof(timers.TcpIdleTimeout), "tcp-idle-timeout", timers.TcpIdleTimeout,
            7440, "RFC 5382 REQ-5", faults);
        Floor(
            timers, nameof(timers.TcpTransCloseTimeout), "tcp-trans-close-timeout", timers.TcpTransCloseTimeout,
            240, "RFC 5382 REQ-5", faults);
        Floor(
            timers, nameof(timers.TcpRstTimeout), "tcp-rst-timeout", timers.TcpRstTimeout, 240, "RFC 7857 2.2", faults);
        Floor(
            timers, nameof(timers.TcpInSynTimeout), "tcp-in-syn-timeout", timers.TcpInSynTimeout,
            6, "RFC 5382 REQ-4", faults);
        Floor(
            timers, nameof(timers.DccpIdleTimeout), "dccp-idle-timeout", timers.DccpIdleTimeout,
            7440, "RFC 5597 REQ-5", faults);
        Floor(
            timers, nameof(timers.DccpTransTimeout), "dccp-trans-timeout", timers.DccpTransTimeout,
            240, "RFC 5597 REQ-5", faults);
        Floor(timers, nameof(timers.IcmpTimeout), "icmp-timeout", timers.IcmpTimeout, 60, "RFC 5508 REQ-2", faults);
        Floor(
            timers, nameof(timers.FragmentTimeout), "fragment-timeout", timers.FragmentTimeout, 2, "RFC 8512", faults);
        Floor(
            timers, nameof(timers.HoldDownTimeout), "hold-down-timeout", timers.HoldDownTimeout,
            120, "RFC 6888 REQ-8", faults);
        Open(timers, faults);
        PerPort(timers, faults);
    }

    // RFC 7857 2.1 allows less than 240 s for what is not established, but a SYN held from outside must find it there.
    private static void Open(TimersSection timers, FaultList faults)
    {
        if (timers.TcpTransOpenTimeout.Ms > timers.TcpInSynTimeout.Ms)
            return;
        faults.Warn(
            timers.PlaceOf(nameof(timers.TcpTransOpenTimeout)),
            $"tcp-trans-open-timeout {timers.TcpTransOpenTimeout} is no longer than tcp-in-syn-timeout "
            + $"{timers.TcpInSynTimeout}, so a connection opened from both sides may be answered with an error; "
            + "a longer one would be right");
    }

    private static void PerPort(TimersSection timers, FaultList faults)
    {
        var seen = new Dictionary<int, PerPortTimeoutSection>();
        var times = new HashSet<uint>();
        foreach (PerPortTimeoutSection timeout in timers.PerPortTimeouts)
        {
            if (!timeout.IsWhole)
                continue;
            if (!seen.TryAdd(timeout.PortNumber, timeout))
            {
                faults.Error(
                    timeout.PlaceOf(nameof(timeout.PortNumber)),
                    $"per-port-timeout {timeout.PortNumber} has a timeout on line "
                    + $"{seen[timeout.PortNumber].Place.Line} already; one is right");
            }

            if (times.Add(timeout.Timeout.Ticks) && times.Count == UdpPortTimeout.TimesMax + 1)
            {
                faults.Error(
                    timeout.PlaceOf(nameof(timeout.Timeout)),
                    $"per-port-timeout {timeout.Timeout} is the {times.Count}th different one; "
                    + $"{UdpPortTimeout.TimesMax} different ones at most would be right");
            }
        }
    }

    private static void Floor(
        TimersSection timers, string property, string key, Duration value,
        int floorSeconds, string source, FaultList faults)
    {
        if (value.Ms >= floorSeconds * 1000L)
            return;
        faults.Warn(
            timers.PlaceOf(property),
            $"{key} {value} is below what {source} allows; {floorSeconds}s or more would be right");
    }
}
