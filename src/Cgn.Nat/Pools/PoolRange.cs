namespace Cgn.Nat;

/// <summary>A run of external addresses whose ports are cut alike: one prefix of a pool.</summary>
/// <param name="First">First address.</param>
/// <param name="Last">Last address.</param>
/// <param name="Pool">Number of the pool in the snapshot.</param>
/// <param name="FirstNumber">Number of the first address among all external addresses.</param>
/// <param name="FirstBlock">Number of the first address's first block among all blocks.</param>
/// <param name="BlocksPerAddress">Blocks of an address that lie wholly inside the pool's ports.</param>
/// <param name="FirstPort">First port of an address's first block.</param>
/// <param name="BlockSize">Ports a block.</param>
internal readonly record struct PoolRange(
    uint First, uint Last, ushort Pool, int FirstNumber, uint FirstBlock, uint BlocksPerAddress,
    int FirstPort, int BlockSize);
