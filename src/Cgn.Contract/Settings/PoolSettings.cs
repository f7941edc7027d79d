namespace Cgn.Contract.Settings;

/// <summary>A pool of external addresses and how its ports are cut into blocks. Host byte order.</summary>
/// <param name="Name">The pool's id in the configuration.</param>
/// <param name="Prefixes">Its addresses, disjoint from every other pool's (RFC 6333 8.1).</param>
/// <param name="FirstPort">First port given out, 1 to 65,535.</param>
/// <param name="LastPort">Last port given out, not below the first.</param>
/// <param name="PortSetSize">
/// Ports a block, 1 to 64,512. Blocks are counted from port 0, so those that reach outside the range aren't given
/// out.
/// </param>
/// <param name="PortSetTimeout">How long an unused block stays with its subscriber, in ticks.</param>
public sealed record PoolSettings(
    string Name, Ipv4PrefixSetting[] Prefixes, ushort FirstPort, ushort LastPort, int PortSetSize, uint PortSetTimeout);
