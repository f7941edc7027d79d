namespace Cgn.Cli.Replay;

/// <summary>One packet of one subscriber, ready for the gateway or inside it.</summary>
internal sealed class Offer
{
    /// <summary>The packet.</summary>
    internal required PlannedPacket Packet { get; init; }

    /// <summary>Whose it is.</summary>
    internal required int Subscriber { get; init; }

    /// <summary>What a correct gateway does with it.</summary>
    internal required Verdict Verdict { get; init; }

    /// <summary>When it was offered, in nanoseconds of the gateway's clock.</summary>
    internal required long NowNs { get; init; }

    /// <summary>The frame as it is given to the gateway.</summary>
    internal required byte[] Frame { get; init; }

    /// <summary>By what it is told from others when it comes out: external endpoint, or subscriber.</summary>
    internal ulong Key { get; init; }

    /// <summary>
    /// Bytes that its packets may have where they come out, from the outermost IP header; 0 when it fits anyway.
    /// </summary>
    internal int CutBytes { get; init; }

    /// <summary>It has come out.</summary>
    internal bool IsDone { get; set; }
}
