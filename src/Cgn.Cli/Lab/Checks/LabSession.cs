using System;

using Cgn.Cli.Lab.Testing;

namespace Cgn.Cli.Lab.Checks;

/// <summary>One run of the gateway with one driver, as its checks see it.</summary>
/// <param name="Topology">The lab around it.</param>
/// <param name="Gateway">The running gateway.</param>
/// <param name="Seconds">How long each measurement lasts.</param>
public sealed record LabSession(LabTopology Topology, LabGateway Gateway, int Seconds)
{
    /// <summary>Where checks may put files.</summary>
    public string Folder { get; } = LabState.Folder;

    /// <summary>How long a tool may take that has no measuring time of its own.</summary>
    public TimeSpan Patience { get; } = TimeSpan.FromSeconds(70);
}
