using Cgn.Cli.Captures;

namespace Cgn.Cli.Replay;

/// <summary>A captured packet and its part in the replay, the same for every subscriber.</summary>
internal sealed class PlannedPacket(CapturedPacket captured, PacketFacts? facts)
{
    /// <summary>The packet.</summary>
    internal CapturedPacket Captured { get; } = captured;

    /// <summary>What it says about itself; null when it is skipped.</summary>
    internal PacketFacts? Facts { get; } = facts;

    /// <summary>Why it is not offered.</summary>
    internal SkipReason Skip { get; set; } = captured.Skip;

    /// <summary>It goes from a subscriber to the Internet.</summary>
    internal bool Outbound { get; set; } = true;

    /// <summary>The flow it belongs to, or whose packet it quotes; null when there is none.</summary>
    internal Flow? Flow { get; set; }

    /// <summary>The packet that it is a fragment of; null when it is whole.</summary>
    internal Datagram? Datagram { get; set; }
}
