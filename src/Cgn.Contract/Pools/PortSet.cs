namespace Cgn.Contract.Pools;

/// <summary>The ports that deterministic mode gives a subscriber. Host byte order.</summary>
/// <param name="Address">External address.</param>
/// <param name="FirstPort">First port.</param>
/// <param name="LastPort">Last port.</param>
/// <param name="Pool">Number of the pool in the snapshot.</param>
public readonly record struct PortSet(uint Address, ushort FirstPort, ushort LastPort, int Pool);
