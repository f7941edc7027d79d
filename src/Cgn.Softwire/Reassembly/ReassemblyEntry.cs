using Cgn.Contract;
using Cgn.Memory.Frames;

namespace Cgn.Softwire;

/// <summary>A packet in pieces. Its payload lies at a fixed place of its chunks.</summary>
internal struct ReassemblyEntry
{
    public ReassemblyKey Key;
    public FragmentRanges Ranges;
    public uint Quota;
    public uint FirstSeenTick;

    /// <summary>Port, flags and worker of the fragment that came first; chunk, offset and length mean nothing
    /// yet.</summary>
    public Frame Frame;

    /// <summary>Frames that have gone into it; 0 when it has been given up and holds none.</summary>
    public int Frames;

    /// <summary>Bytes of the first fragment before its fragment header, link layer included; 0 while it has not
    /// come.</summary>
    public ushort FrontLength;

    /// <summary>Bytes of link layer in front of the first fragment.</summary>
    public ushort IpOffset;

    /// <summary>Where its next header field stands that names the fragment header, from the IPv6 header.</summary>
    public ushort NextHeaderOffset;

    /// <summary>Payload bytes of the first fragment.</summary>
    public ushort FirstLength;

    /// <summary>The next header that its fragment header names.</summary>
    public byte NextHeader;

    /// <summary>A fragment was marked with congestion experienced.</summary>
    public bool IsMarked;

    /// <summary>Every further fragment is refused with this (RFC 5722 §4).</summary>
    public DropReason Refusal;
}
