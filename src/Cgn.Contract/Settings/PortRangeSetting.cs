namespace Cgn.Contract.Settings;

/// <summary>Ports from a first to a last one, both included.</summary>
/// <param name="First">First port.</param>
/// <param name="Last">Last port, not below the first.</param>
public readonly record struct PortRangeSetting(ushort First, ushort Last)
{
    /// <summary>A port lies in it.</summary>
    public bool Contains(ushort port) => (uint)(port - First) <= (uint)(Last - First);
}
