using System.Collections.Generic;
using System.Linq;

using Cgn.Control.Hosting.Configurations;

namespace Cgn.Control.Api.Resources;

/// <summary>How a configuration differs from the one in force.</summary>
public sealed record DifferenceResource
{
    /// <summary>Number of the configuration in force, which it is compared with.</summary>
    public required uint Generation { get; init; }

    /// <summary>The running gateway can take it.</summary>
    public required bool Applicable { get; init; }

    /// <summary>Keys that differ, once defaults are filled in.</summary>
    public required IReadOnlyList<DifferenceKey> Keys { get; init; }

    /// <summary>What can't change while the gateway runs, a sentence each.</summary>
    public required IReadOnlyList<string> Obstacles { get; init; }

    /// <summary>Pools whose addresses change.</summary>
    public required IReadOnlyList<DifferencePool> Pools { get; init; }

    internal static DifferenceResource Of(uint generation, ConfigurationDifference found) => new()
    {
        Generation = generation,
        Applicable = found.Obstacles.Count == 0,
        Keys = [.. found.Keys.Select(static key => new DifferenceKey(key.Path, key.Old, key.New))],
        Obstacles = found.Obstacles,
        Pools =
        [
            .. found.Pools.Select(static pool => new DifferencePool(
                pool.Name, pool.What, pool.Before, pool.After, pool.Gone, pool.Draining)),
        ],
    };
}
