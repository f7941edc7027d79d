namespace Cgn.Control.Configuration.Model;

/// <summary>How log records travel.</summary>
public enum LogTransport
{
    /// <summary>UDP: unacknowledged.</summary>
    Udp = 0,

    /// <summary>TCP.</summary>
    Tcp = 1,
}
