using System.Collections.Generic;

using Cgn.Contract.Settings;

namespace Cgn.Control.Configuration.Model;

/// <summary>How translation behaves (RFC 8512 policy).</summary>
public sealed class NatPolicySection : ConfigSection
{
    /// <summary>
    /// How far a mapping is shared: eim endpoint-independent, adm for each remote address, edm for each remote
    /// endpoint (RFC 4787 REQ-1).
    /// </summary>
    [Key("mapping-type")]
    [Choices("eim", "adm", "edm")]
    public MappingType MappingType { get; private set; }

    /// <summary>
    /// Whom a mapping admits: eif anybody, adf addresses sent to, edf endpoints sent to (RFC 4787 REQ-8).
    /// </summary>
    [Key("filtering-type")]
    [Choices("eif", "adf", "edf")]
    public FilteringType FilteringType { get; private set; }

    /// <summary>paired keeps a subscriber on one public address (RFC 6888 REQ-2).</summary>
    [Key("address-allocation-type")]
    [Choices("paired", "arbitrary")]
    public AddressAllocation AddressAllocation { get; private set; }

    /// <summary>
    /// port-set gives blocks on demand; deterministic computes them from the subscriber's address (RFC 7422).
    /// </summary>
    [Key("port-allocation-type")]
    [Choices("port-set", "deterministic")]
    public PortAllocationType PortAllocation { get; private set; }

    /// <summary>Subscribers reach each other through their public addresses (RFC 4787 REQ-9).</summary>
    [Key("hairpinning")]
    public bool Hairpinning { get; private set; } = true;

    /// <summary>The internal port is kept where it lies in the subscriber's blocks and is free.</summary>
    [Key("port-preservation")]
    public bool PortPreservation { get; private set; }

    /// <summary>
    /// MSS that SYNs are lowered to: auto for what fits the smaller side's MTU, off, or bytes (RFC 8513 mss-
    /// clamping).
    /// </summary>
    [Key("tcp-mss-clamp", Min = "64", Max = "65495", Unit = "bytes")]
    [Word("auto", -1)]
    [Word("off", 0)]
    public int TcpMssClamp { get; private set; } = -1;

    /// <summary>
    /// Protocols without ports: address-only carries them for one internal host at a time, drop drops them.
    /// </summary>
    [Key("other-protocols")]
    [Choices("address-only", "drop")]
    public OtherProtocols OtherProtocols { get; private set; }

    /// <summary>Packets from outside keep a UDP session alive too (RFC 4787 REQ-6a).</summary>
    [Key("inbound-refresh")]
    public bool InboundRefresh { get; private set; }

    /// <summary>Sessions that one mapping may have (RFC 6888 REQ-5).</summary>
    [Key("sessions-per-mapping", Min = "1", Max = "65535", Unit = "sessions")]
    public int SessionsPerMapping { get; private set; } = 65535;

    /// <summary>How long idle things live.</summary>
    [Key("timers")]
    public TimersSection Timers { get; private set; } = new();

    /// <summary>Public endpoints that belong to internal ones for good.</summary>
    [Key("static-mappings")]
    public IReadOnlyList<StaticMappingSection> StaticMappings { get; private set; } = [];
}
