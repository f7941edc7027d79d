namespace Cgn.Nat;

/// <summary>A run of external addresses whose ports are cut alike: one prefix of a pool.</summary>
/// <param name="First">First address.</param>
/// <param name="Last">Last address.</param>
/// <param name="Pool">Number of the pool in the snapshot.</param>
/// <param name="FirstNumber">Number of the first address among all external addresses.</param>
/// <param name="FirstBlock">Number of the first address's first unit among all units.</param>
/// <param name="BlocksPerAddress">Units of an address: those of groups that lie wholly inside the pool's ports.</param>
/// <param name="FirstPort">First port of an address's first unit.</param>
/// <param name="BlockSize">Ports a unit.</param>
/// <param name="FirstGroup">Number of the first address's first group among all groups.</param>
/// <param name="GroupShift">Binary logarithm of the units a group, 0 to 6.</param>
internal readonly record struct PoolRange(
    uint First, uint Last, ushort Pool, int FirstNumber, uint FirstBlock, uint BlocksPerAddress,
    int FirstPort, int BlockSize, uint FirstGroup, int GroupShift)
{
    /// <summary>Groups of an address.</summary>
    internal uint GroupsPerAddress => BlocksPerAddress >> GroupShift;

    /// <summary>The group of a unit of this range.</summary>
    internal uint GroupOf(uint block) => FirstGroup + ((block - FirstBlock) >> GroupShift);
}
