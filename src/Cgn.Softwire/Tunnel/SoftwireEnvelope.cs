namespace Cgn.Softwire;

/// <summary>What <see cref="Decapsulator.TryOpen"/> found around an inner packet. All offsets count from the first byte
/// of the IPv6 header.</summary>
public readonly record struct SoftwireEnvelope
{
    /// <summary>Bytes of the IPv6 packet as its payload length says; what follows in the frame is link
    /// padding.</summary>
    public int PacketLength { get; init; }

    /// <summary>Where the inner IPv4 packet begins, or the ICMPv6 message when <see cref="IsIcmpv6"/>.</summary>
    public int InnerOffset { get; init; }

    /// <summary>DSCP and ECN of the outer header.</summary>
    public byte TrafficClass { get; init; }

    /// <summary>The packet is a fragment, for <see cref="Ipv6Reassembler"/>; there is no inner packet yet.</summary>
    public bool IsFragment { get; init; }

    /// <summary>The packet carries ICMPv6, which is no softwire packet but may be meant for us.</summary>
    public bool IsIcmpv6 { get; init; }

    /// <summary>Where the fragment header begins, when <see cref="IsFragment"/>.</summary>
    public int FragmentHeaderOffset { get; init; }

    /// <summary>Where the next header field stands that names the fragment header, when
    /// <see cref="IsFragment"/>.</summary>
    public int NextHeaderOffset { get; init; }

    /// <summary>Why the packet is not carried, when it is neither a softwire packet nor a fragment nor
    /// ICMPv6.</summary>
    public SoftwireRefusal Refusal { get; init; }
}
