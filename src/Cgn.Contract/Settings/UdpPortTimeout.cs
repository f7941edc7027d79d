namespace Cgn.Contract.Settings;

/// <summary>How long UDP sessions towards one well-known port live (RFC 4787 REQ-5a).</summary>
/// <param name="Port">Remote port, 0 to 1,023.</param>
/// <param name="Ticks">Idle time.</param>
public readonly record struct UdpPortTimeout(ushort Port, uint Ticks)
{
    /// <summary>Different idle times that a configuration may have.</summary>
    public const int TimesMax = 8;

    /// <summary>Ports that may have one: from 0 to below this.</summary>
    public const int PortEnd = 1024;
}
