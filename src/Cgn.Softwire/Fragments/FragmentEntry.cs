using Cgn.Contract;

namespace Cgn.Softwire;

/// <summary>A datagram whose fragments an <see cref="Ipv4FragmentTable"/> knows.</summary>
internal struct FragmentEntry
{
    public FragmentKey Key;
    public FragmentEntryUser User;
    public FragmentRanges Ranges;

    /// <summary>Frames that wait for the first fragment.</summary>
    public EntryList Held;

    /// <summary>Who answers for it; 0 once it is finished and counts no more.</summary>
    public uint Quota;

    public uint FirstSeenTick;
    public FragmentPorts Ports;
    public ushort HeldCount;
    public FragmentStage Stage;

    /// <summary>Every further fragment is refused with this.</summary>
    public DropReason Refusal;
}
