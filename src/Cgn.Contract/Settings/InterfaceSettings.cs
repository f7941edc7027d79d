namespace Cgn.Contract.Settings;

/// <summary>A device that the gateway takes frames from and gives frames to.</summary>
/// <param name="Device">
/// The kernel's name of it, 1 to 15 bytes; empty where there is no device (captures, benchmarks).
/// </param>
/// <param name="Driver">How its frames are reached.</param>
public readonly record struct InterfaceSettings(string Device, PortDriver Driver);
