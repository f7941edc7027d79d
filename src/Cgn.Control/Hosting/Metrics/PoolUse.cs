namespace Cgn.Control.Hosting.Metrics;

/// <summary>How far a pool is used.</summary>
/// <param name="Name">The pool's id in the configuration.</param>
/// <param name="Addresses">Its external addresses.</param>
/// <param name="AddressesUsed">Those of them that have port blocks given out.</param>
/// <param name="BlocksUsed">Port blocks given out, in blocks of the smaller size.</param>
/// <param name="Blocks">All its port blocks, those that static mappings reserve included.</param>
/// <param name="PortsUsed">Ports in port blocks that are given out.</param>
/// <param name="Ports">All its ports that lie in port blocks.</param>
public sealed record PoolUse(
    string Name, long Addresses, long AddressesUsed, long BlocksUsed, long Blocks, long PortsUsed, long Ports)
{
    /// <summary>Part of the pool's port blocks that is given out, 0 to 1.</summary>
    public double Utilisation => Blocks == 0 ? 0 : (double)BlocksUsed / Blocks;
}
