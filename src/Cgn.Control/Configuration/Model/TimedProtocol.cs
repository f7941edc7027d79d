namespace Cgn.Control.Configuration.Model;

/// <summary>Protocols whose sessions may have a timeout by port.</summary>
public enum TimedProtocol
{
    /// <summary>UDP. TCP's timers have no exceptions (RFC 5382 REQ-5).</summary>
    Udp = 0,
}
