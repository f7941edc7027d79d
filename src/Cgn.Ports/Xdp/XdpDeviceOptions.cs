using Cgn.Ports.Steering;

namespace Cgn.Ports.Xdp;

/// <summary>A device to open under AF_XDP.</summary>
/// <param name="Device">Its name, as in <c>ip link</c>.</param>
/// <param name="Side">The side of the box that its frames carry.</param>
/// <param name="Rules">Which frames are ours there.</param>
/// <param name="Mode">Where in the kernel frames are taken.</param>
public sealed record XdpDeviceOptions(string Device, byte Side, SteeringRules Rules, XdpMode Mode = XdpMode.Auto);
