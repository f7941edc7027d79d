using Cgn.Contract;
using Cgn.Memory.Frames;

namespace Cgn.Softwire;

/// <summary>A packet that will never be whole, as <see cref="Ipv6Reassembler.Expire"/> hands it back.</summary>
public readonly record struct ReassemblyLoss
{
    /// <summary>
    /// The frame that its pieces were put into: the caller's now. When <see cref="HasFirst"/> it holds the first
    /// fragment as it came, to be quoted; otherwise nothing of use.
    /// </summary>
    public Frame Frame { get; init; }

    /// <summary>Frames lost with it, <see cref="Frame"/> included: at least 1.</summary>
    public int Frames { get; init; }

    /// <summary>Why: <see cref="DropReason.FragmentTimeout"/>, <see cref="DropReason.FragmentOverlap"/>,
    /// <see cref="DropReason.FragmentTooLong"/> or <see cref="DropReason.FragmentLimit"/>.</summary>
    public DropReason Reason { get; init; }

    /// <summary>The first fragment was there: after a timeout ICMPv6 time exceeded 3/1 is due to its sender (RFC 8200
    /// §4.5).</summary>
    public bool HasFirst { get; init; }

    /// <summary>Bytes from the start of the frame to the IPv6 header, when <see cref="HasFirst"/>.</summary>
    public int IpOffset { get; init; }
}
