namespace Cgn.Contract.Settings;

/// <summary>A pool of external addresses and how its ports are cut into blocks. Host byte order.</summary>
/// <param name="Name">The pool's id in the configuration.</param>
/// <param name="Prefixes">Its addresses, disjoint from every other pool's (RFC 6333 8.1).</param>
/// <param name="FirstPort">First port given out, 1 to 65,535.</param>
/// <param name="LastPort">Last port given out, not below the first.</param>
/// <param name="PortSetSize">
/// Ports of a subscriber's further blocks, 1 to 64,512. Blocks are counted from port 0, so those that reach outside the
/// range aren't given out.
/// </param>
/// <param name="PortSetTimeout">How long an unused block stays with its subscriber, in ticks.</param>
public sealed record PoolSettings(
    string Name, Ipv4PrefixSetting[] Prefixes, ushort FirstPort, ushort LastPort, int PortSetSize, uint PortSetTimeout)
{
    /// <summary>
    /// Ports of a subscriber's first block; 0 for <see cref="PortSetSize"/>. The larger of the two is 1, 2, 4 ... 64
    /// times the smaller.
    /// </summary>
    public int InitialPortSetSize { get; init; }

    /// <summary>
    /// New mappings take ports from no block older than this, in ticks, as long as another may be had; 0 for any age.
    /// </summary>
    public uint PortSetActiveTimeout { get; init; }

    /// <summary>Ports held down at a time, all shards together (RFC 8512 hold-down-max); 0 for no limit.</summary>
    public uint HoldDownMax { get; init; }

    /// <summary>Ports that nobody gets by traffic, ascending and disjoint.</summary>
    public PortRangeSetting[] ReservedPorts { get; init; } = [];

    /// <summary>
    /// Subscribers that draw from this pool; IPv4 prefixes mapped below ::ffff:0:0/96. Empty: see <see
    /// cref="Pools.PoolPolicy"/>.
    /// </summary>
    public Ipv6PrefixSetting[] Match { get; init; } = [];

    /// <summary>Addresses of the pool that give out no new block, while what they have given out lives on.</summary>
    public Ipv4PrefixSetting[] Drain { get; init; } = [];

    /// <summary>
    /// Deterministic mode: how many subscribers' worth of an address's ports is kept for overflow blocks (RFC 7422's
    /// D), 0 to 65,535.
    /// </summary>
    public int DynamicFactor { get; init; }

    /// <summary>
    /// Deterministic mode: ports that a subscriber may have with its overflow blocks (RFC 7422's M); 0: its plan alone
    /// says.
    /// </summary>
    public int PortsMax { get; init; }

    /// <summary>An address is one of the pool's.</summary>
    /// <param name="address">External address, host byte order.</param>
    public bool Has(uint address) => System.Array.Exists(Prefixes, prefix => prefix.Contains(address));

    /// <summary>Ports of a first block.</summary>
    public int FirstBlockSize => InitialPortSetSize == 0 ? PortSetSize : InitialPortSetSize;

    /// <summary>What blocks are made of, in ports: the smaller of the two sizes.</summary>
    public int UnitSize => FirstBlockSize < PortSetSize ? FirstBlockSize : PortSetSize;

    /// <summary>What blocks are aligned to, in ports: the larger of the two sizes.</summary>
    public int GroupSize => FirstBlockSize < PortSetSize ? PortSetSize : FirstBlockSize;

    /// <summary>First port of an address's first group: groups are counted from port 0.</summary>
    public int FirstGroupPort => (FirstPort + GroupSize - 1) / GroupSize * GroupSize;

    /// <summary>Units of an address: those of the groups that lie wholly inside the pool's ports.</summary>
    public int UnitsPerAddress
    {
        get
        {
            int end = (LastPort + 1) / GroupSize * GroupSize;
            return end <= FirstGroupPort ? 0 : (end - FirstGroupPort) / UnitSize;
        }
    }
}
