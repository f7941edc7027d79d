using System.Collections.Generic;

using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>Where subscribers' traffic is accounted, and how.</summary>
public sealed class RadiusAccountingSection : RadiusPeerSection
{
    /// <summary>Further servers, in the order in which they are told.</summary>
    [Key("fallback")]
    public IReadOnlyList<RadiusServerSection> Fallback { get; private set; } = [];

    /// <summary>
    /// Time between interim reports; not below 60s (RFC 2869 section 5.16). Given here it goes before what a server
    /// says.
    /// </summary>
    [Key("interim-interval", Min = "60s", Max = "7d")]
    public Duration InterimInterval { get; private set; } = Duration.Seconds(600);

    /// <summary>Port blocks are reported as they are given out and taken back (RFC 8045).</summary>
    [Key("port-ranges")]
    public bool PortRanges { get; private set; }

    /// <summary>
    /// File in which reports wait for a server over a restart. Left out: radius-accounting.spool in the state
    /// directory.
    /// </summary>
    [Key("spool-file")]
    public string? SpoolFile { get; private set; }

    /// <summary>Reports that may wait.</summary>
    [Key("queue", Min = "16", Max = "10000000", Unit = "reports")]
    public int Queue { get; private set; } = 65536;
}
