using System.Runtime.InteropServices;

namespace Cgn.Contract.Settings;

/// <summary>
/// What all subscribers together may have and how fast (RFC 8512 mapping-limits, connection-limits), all workers
/// together. 0 for no limit.
/// </summary>
// Without gaps: equal settings are equal bytes, by which a configuration is known again.
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct InstanceLimits
{
    /// <summary>No limits.</summary>
    public InstanceLimits()
    {
    }

    /// <summary>Subscribers.</summary>
    public uint Subscribers { get; set; }

    /// <summary>Mappings, held ones not included.</summary>
    public uint Mappings { get; set; }

    /// <summary>Mappings of UDP.</summary>
    public uint MappingsUdp { get; set; }

    /// <summary>Mappings of TCP.</summary>
    public uint MappingsTcp { get; set; }

    /// <summary>Mappings of ICMP.</summary>
    public uint MappingsIcmp { get; set; }

    /// <summary>Mappings of all other protocols.</summary>
    public uint MappingsOther { get; set; }

    /// <summary>New sessions a second.</summary>
    public uint SetupRate { get; set; }

    /// <summary>New sessions of UDP a second.</summary>
    public uint SetupRateUdp { get; set; }

    /// <summary>New sessions of TCP a second.</summary>
    public uint SetupRateTcp { get; set; }

    /// <summary>New sessions of ICMP a second.</summary>
    public uint SetupRateIcmp { get; set; }

    /// <summary>New sessions of all other protocols a second.</summary>
    public uint SetupRateOther { get; set; }

    /// <summary>
    /// IPv4 fragments that wait for their first at a time; without a limit as many as the frames allow (RFC 8512
    /// fragments-limit).
    /// </summary>
    public uint Fragments { get; set; }
}
