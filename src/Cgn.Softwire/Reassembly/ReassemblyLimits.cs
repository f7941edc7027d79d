namespace Cgn.Softwire;

/// <summary>How much one worker's <see cref="Ipv6Reassembler"/> holds at most (RFC 6333 §6.3).</summary>
public readonly record struct ReassemblyLimits
{
    /// <summary>The defaults.</summary>
    public ReassemblyLimits()
    {
    }

    /// <summary>Packets in pieces at once: 1 to 2^20.</summary>
    public int Packets { get; init; } = 2048;

    /// <summary>Packets in pieces of one subscriber prefix.</summary>
    public int PacketsPerPrefix { get; init; } = 128;

    /// <summary>Frames that all of them take up.</summary>
    public int Chunks { get; init; } = 2048;

    /// <summary>Frames that the packets of one subscriber prefix take up.</summary>
    public int ChunksPerPrefix { get; init; } = 128;

    /// <summary>Largest payload of a packet that is put together, up to 65,535 bytes; one frame's worth is put together
    /// whatever this says (RFC 8200 §5).</summary>
    public int PayloadBytes { get; init; }

    /// <summary>Bits of a B4's address that name the subscriber, 1 to 128 (RFC 7785 §3).</summary>
    public int PrefixBits { get; init; } = 56;

    /// <summary>How long a packet may stay in pieces, in ticks: 60 s, from its first fragment to arrive (RFC 8200
    /// §4.5).</summary>
    public uint TimeoutTicks { get; init; } = 600;
}
