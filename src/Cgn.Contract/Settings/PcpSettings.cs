using System.Runtime.InteropServices;

namespace Cgn.Contract.Settings;

/// <summary>The PCP server (RFC 6887), as far as it is configured.</summary>
// Without gaps: equal settings are equal bytes, by which a configuration is known again.
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct PcpSettings
{
    /// <summary>Settings with the defaults of the configuration's documentation.</summary>
    public PcpSettings()
    {
    }

    /// <summary>Requests are answered.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>MAP is allowed (section 11).</summary>
    public bool Map { get; set; } = true;

    /// <summary>PEER is allowed (section 12).</summary>
    public bool Peer { get; set; } = true;

    /// <summary>Shortest lifetime that is granted, in seconds (section 15).</summary>
    public uint LifetimeMin { get; set; } = 120;

    /// <summary>Longest lifetime that is granted, in seconds.</summary>
    public uint LifetimeMax { get; set; } = 86400;

    /// <summary>Explicit mappings that a subscriber may have (section 11.3).</summary>
    public int MappingsMax { get; set; } = 256;

    /// <summary>Requests that a worker answers, a second; more are dropped (section 8.2).</summary>
    public int RequestsPerSecond { get; set; } = 1000;
}
