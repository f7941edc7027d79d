using System.Collections.Generic;

using Cgn.Contract.Settings;

namespace Cgn.Control.Configuration.Model;

/// <summary>
/// What is not carried, by address (RFC 1812 section 5.3.9). Each holds for sessions made from then on; cgn clear ends
/// those that are there.
/// </summary>
public sealed class AccessListsSection : ConfigSection
{
    /// <summary>Packets from inside that are dropped, by their own source and destination.</summary>
    [Key("inside-deny")]
    public IReadOnlyList<AccessRuleSection> InsideDeny { get; private set; } = [];

    /// <summary>Packets from outside that are dropped; their destination is a public address.</summary>
    [Key("outside-deny")]
    public IReadOnlyList<AccessRuleSection> OutsideDeny { get; private set; } = [];

    /// <summary>
    /// Packets from outside are dropped when their source has a special purpose and is nobody's on the Internet
    /// (RFC 6890): private, loopback, documentation, benchmarks, class E and the like. ICMP errors pass.
    /// </summary>
    [Key("outside-bogon-filter")]
    public bool OutsideBogonFilter { get; private set; }

    /// <summary>
    /// Sources and destinations outside in 100.64.0.0/10: drop, or pass where the network outside uses shared space
    /// itself (RFC 6598 section 4). Prefixes of nat444.subscriber-match never pass.
    /// </summary>
    [Key("shared-space-outside")]
    [Choices("drop", "pass")]
    public SharedSpaceOutside SharedSpaceOutside { get; private set; }
}
