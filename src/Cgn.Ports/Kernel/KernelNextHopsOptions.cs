using System;
using System.Collections.Generic;

namespace Cgn.Ports.Kernel;

/// <summary>What the kernel's next hops are followed for.</summary>
public sealed record KernelNextHopsOptions
{
    /// <summary>
    /// Port numbers by device name: routes that leave by other devices are unreachable for us. VLAN devices over these
    /// count as these.
    /// </summary>
    public required IReadOnlyDictionary<string, byte> Ports { get; init; }

    /// <summary>Neighbours that can be known at a time, 16 to 32,767.</summary>
    public int Capacity { get; init; } = 32_767;

    /// <summary>
    /// Nodes of 2 KiB for the search structure of each family. The default serves full Internet tables; memory is taken
    /// only as routes need it.
    /// </summary>
    public uint RouteNodes { get; init; } = 1 << 17;

    /// <summary>
    /// The first <see cref="Memory.NextHops.NextHopTable.Generation"/>: one that no record of an earlier process has.
    /// </summary>
    public uint FirstGeneration { get; init; } = 1;

    /// <summary>
    /// Called with the box's own IPv4 addresses, host byte order: by the constructor, and then by the following thread
    /// when they change. A <see cref="PortException"/> is remembered in <see cref="KernelNextHops.Trouble"/>.
    /// </summary>
    public Action<IReadOnlyList<uint>>? OwnAddressesChanged { get; init; }
}
