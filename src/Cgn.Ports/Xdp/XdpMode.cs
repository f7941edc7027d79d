namespace Cgn.Ports.Xdp;

/// <summary>Where in the kernel frames are taken.</summary>
public enum XdpMode
{
    /// <summary>In the driver where the device can, else on the generic path.</summary>
    Auto = 0,

    /// <summary>In the driver, before the kernel makes a packet buffer; refused where the device can't.</summary>
    Native = 1,

    /// <summary>After the kernel has made a packet buffer: any device, slower.</summary>
    Generic = 2,
}
