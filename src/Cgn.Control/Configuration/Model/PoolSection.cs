using System.Collections.Generic;

using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>A pool of public addresses.</summary>
public sealed class PoolSection : ConfigSection
{
    /// <summary>Name of the pool in logs and metrics.</summary>
    [Key("id", Required = true)]
    public string Id { get; private set; } = "";

    /// <summary>Its addresses; no pool overlaps another (RFC 6333 section 8.1).</summary>
    [Key("external-ip-pool", Required = true)]
    public IReadOnlyList<Ipv4PrefixValue> Prefixes { get; private set; } = [];

    /// <summary>Ports that are given out.</summary>
    [Key("port-range")]
    public PortRange PortRange { get; private set; } = new(1024, 65535);

    /// <summary>Ports of a block.</summary>
    [Key("port-set-size", Min = "1", Max = "64512", Unit = "ports")]
    public int PortSetSize { get; private set; } = 512;

    /// <summary>How long a block stays with its subscriber when none of its ports is in use.</summary>
    [Key("port-set-timeout", Max = "7d")]
    public Duration PortSetTimeout { get; private set; } = Duration.Seconds(120);
}
