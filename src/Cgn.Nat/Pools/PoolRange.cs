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
/// <param name="FirstGroup">Number of an address's first group among those counted from port 0.</param>
/// <param name="GroupShift">Binary logarithm of the units a group, 0 to 6.</param>
internal readonly record struct PoolRange(
    uint First, uint Last, ushort Pool, int FirstNumber, uint FirstBlock, uint BlocksPerAddress,
    int FirstPort, int BlockSize, uint FirstGroup, int GroupShift)
{
    /// <summary>Groups of an address.</summary>
    internal uint GroupsPerAddress => BlocksPerAddress >> GroupShift;

    /// <summary>
    /// The shard that a unit belongs to: by its address and its group among those counted from port 0, so that neither
    /// other pools nor a wider range of ports move it.
    /// </summary>
    /// <param name="address">An address of the range.</param>
    /// <param name="unit">The unit's number within the address.</param>
    /// <param name="shardCount">Shards.</param>
    internal int OwnerOf(uint address, uint unit, int shardCount) =>
        (int)((address + FirstGroup + (unit >> GroupShift)) % (uint)shardCount);
}
