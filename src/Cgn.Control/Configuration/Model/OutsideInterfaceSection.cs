using Cgn.Contract.Settings;

namespace Cgn.Control.Configuration.Model;

/// <summary>The device towards the Internet.</summary>
public sealed class OutsideInterfaceSection : ConfigSection
{
    /// <summary>The kernel's name of the device.</summary>
    [Key("device", Required = true)]
    public string Device { get; private set; } = "";

    /// <summary>How frames are reached: af_xdp, pcap, or auto for the first that works.</summary>
    [Key("driver")]
    [Choices("auto", "af_xdp", "pcap")]
    public PortDriver Driver { get; private set; }

    /// <summary>
    /// Largest packet on the link, from the IP header; where the device's own MTU is less, that is in force.
    /// </summary>
    [Key("mtu", Min = "576", Max = "65535", Unit = "bytes")]
    public int Mtu { get; private set; } = 1500;
}
