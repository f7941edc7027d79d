using System.Runtime.InteropServices;

namespace Cgn.Contract.Settings;

/// <summary>From which use on it is told that something runs out, in percent of what there is; 0 for never.</summary>
// Without gaps: equal settings are equal bytes, by which a configuration is known again.
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct ThresholdSettings
{
    /// <summary>The defaults of the configuration's documentation.</summary>
    public ThresholdSettings()
    {
    }

    /// <summary>Subscriber records.</summary>
    public int Subscribers { get; set; } = 80;

    /// <summary>Mappings.</summary>
    public int Mappings { get; set; } = 80;

    /// <summary>Sessions.</summary>
    public int Sessions { get; set; } = 80;

    /// <summary>Each pool's port blocks.</summary>
    public int PortBlocks { get; set; } = 80;

    /// <summary>Reassembly.</summary>
    public int Reassembly { get; set; } = 80;

    /// <summary>IPv4 fragments.</summary>
    public int Fragments { get; set; } = 80;

    /// <summary>Least time between two notifications of one resource, in ticks.</summary>
    public uint Interval { get; set; } = 600;

    /// <summary>Least time between two notifications of one subscriber's use of something, in ticks.</summary>
    public uint SubscriberInterval { get; set; } = 600;
}
