using Cgn.Contract;
using Cgn.Contract.Settings;
using Cgn.Pipeline.Batches;

namespace Cgn.Pipeline.Slow;

/// <summary>
/// What the operator does not let pass, either way. Asked where no session is known: a session that was admitted goes
/// the fast way until it ends, and what is not asked of established packets costs them nothing.
/// </summary>
internal static class AccessLists
{
    // The special-purpose addresses of RFC 6890 that are nobody's on the Internet. 100.64.0.0/10 is not among them: it
    // has a setting of its own. The last holds 255.255.255.255.
    private static readonly Ipv4PrefixSetting[] s_bogons =
    [
        new(0x00000000, 8), new(0x0A000000, 8), new(0x7F000000, 8), new(0xA9FE0000, 16), new(0xAC100000, 12),
        new(0xC0000000, 24), new(0xC0000200, 24), new(0xC0586300, 24), new(0xC0A80000, 16), new(0xC6120000, 15),
        new(0xC6336400, 24), new(0xCB007100, 24), new(0xF0000000, 4),
    ];

    /// <summary>Why a packet from inside may not go where it wants to.</summary>
    public static DropReason RefusalFromInside(uint source, uint destination, PipelineSettings settings)
    {
        if (IsSharedOutside(destination, settings))
            return DropReason.SharedSpace;
        return Holds(settings.Snapshot.InsideDeny, source, destination) ? DropReason.AccessList : DropReason.None;
    }

    /// <summary>
    /// Why a packet from outside may not come in. Of ICMP errors only the lists are asked, since a router may report
    /// from whatever address it has (RFC 4787 REQ-12a).
    /// </summary>
    public static DropReason RefusalFromOutside(in PacketContext c, PipelineSettings settings)
    {
        uint source = c.Flow.RemoteAddress;
        if (c.Class != PacketClass.IcmpError)
        {
            if (IsSharedOutside(source, settings))
                return DropReason.SharedSpace;
            if (settings.Snapshot.Settings.OutsideBogonFilter && IsBogon(source))
                return DropReason.BogonSource;
        }

        return Holds(settings.Snapshot.OutsideDeny, source, c.Flow.InternalAddress)
            ? DropReason.AccessList : DropReason.None;
    }

    private static bool IsSharedOutside(uint address, PipelineSettings settings) =>
        address >> 22 == 0x64400000 >> 22 && settings.Snapshot.Settings.SharedSpaceOutside == SharedSpaceOutside.Drop;

    private static bool IsBogon(uint address)
    {
        foreach (Ipv4PrefixSetting prefix in s_bogons)
        {
            if (prefix.Contains(address))
                return true;
        }

        return false;
    }

    private static bool Holds(AccessRule[] rules, uint source, uint destination)
    {
        foreach (AccessRule rule in rules)
        {
            if (rule.Holds(source, destination))
                return true;
        }

        return false;
    }
}
