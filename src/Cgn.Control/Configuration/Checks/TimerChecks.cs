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
            timers, nameof(timers.TcpTransOpenTimeout), "tcp-trans-open-timeout", timers.TcpTransOpenTimeout,
            240, "RFC 5382 REQ-5", faults);
        Floor(
            timers, nameof(timers.TcpTransCloseTimeout), "tcp-trans-close-timeout", timers.TcpTransCloseTimeout,
            240, "RFC 5382 REQ-5", faults);
        Floor(timers, nameof(timers.IcmpTimeout), "icmp-timeout", timers.IcmpTimeout, 60, "RFC 5508 REQ-2", faults);
        Floor(
            timers, nameof(timers.FragmentTimeout), "fragment-timeout", timers.FragmentTimeout, 2, "RFC 8512", faults);
        Floor(
            timers, nameof(timers.HoldDownTimeout), "hold-down-timeout", timers.HoldDownTimeout,
            120, "RFC 6888 REQ-8", faults);
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
