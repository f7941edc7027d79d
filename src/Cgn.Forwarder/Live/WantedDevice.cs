using Cgn.Contract.Settings;
using Cgn.Ports.Steering;

namespace Cgn.Forwarder.Live;

/// <summary>A device to be opened.</summary>
/// <param name="Name">As in <c>ip link</c>.</param>
/// <param name="Side">The side of the box that it is on.</param>
/// <param name="Rules">What is ours on it.</param>
/// <param name="Driver">The driver that the configuration asks for.</param>
internal sealed record WantedDevice(string Name, byte Side, SteeringRules Rules, PortDriver Driver);
