namespace Cgn.Softwire;

/// <summary>What became of an outer fragment that was offered to an <see cref="Ipv6Reassembler"/>.</summary>
public enum ReassemblyVerdict : byte
{
    /// <summary>The packet is whole; its frame is the caller's.</summary>
    Complete,

    /// <summary>Others are missing: the reassembler has taken the frame.</summary>
    Held,

    /// <summary>Not to be used: the caller drops it with the reason given. The frame stays the caller's.</summary>
    Refused,

    /// <summary>The packet is whole but larger than a frame: <see cref="Ipv6Reassembler.CutLarge"/> is to be called
    /// before anything else is offered. The reassembler has taken the frame.</summary>
    CompleteLarge,
}
