using System.Runtime.InteropServices;

using Cgn.Contract;
using Cgn.Nat;

namespace Cgn.Pipeline.Batches;

/// <summary>
/// What the stages know of one packet, filled by parsing and read by all after it. Positions are counted from the
/// start of the frame's chunk, addresses and ports are in host order. Two cache lines.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
public struct PacketContext
{
    /// <summary>Hash of subscriber and flow, by which the session is looked up.</summary>
    public ulong Hash;

    /// <summary>Outbound: who sends; DS-Lite: the B4's masked address.</summary>
    public SubscriberKey Key;

    /// <summary>Outbound: the softwire's source, upper half.</summary>
    public ulong B4High;

    /// <summary>Outbound: the softwire's source, lower half; for NAT444 the customer's address.</summary>
    public ulong B4Low;

    /// <summary>Outbound: internal and remote endpoint; inbound: external and remote endpoint.</summary>
    public FlowKey Flow;

    /// <summary>VLAN tags of the arriving frame, as they lie in memory; <see cref="TagBytes"/> of them.</summary>
    public ulong Tags;

    /// <summary>The session, or the candidate for it; 0 for none.</summary>
    public uint Session;

    /// <summary>First byte of the IPv4 header.</summary>
    public int Ipv4At;

    /// <summary>First byte behind the IPv4 header.</summary>
    public int TransportAt;

    /// <summary>Total length of the IPv4 packet, in bytes.</summary>
    public int Ipv4Length;

    /// <summary>First byte behind the link-layer header.</summary>
    public int NetworkAt;

    /// <summary>Worker that a handed-off frame goes to.</summary>
    public ushort Owner;

    /// <summary>Fragment field of the IPv4 header: flags and offset.</summary>
    public ushort FragmentField;

    /// <summary>Identification of the IPv4 header.</summary>
    public ushort Identification;

    /// <summary>Which way it takes.</summary>
    public PacketClass Class;

    /// <summary>What becomes of it.</summary>
    public Verdict Verdict;

    /// <summary>Why it was dropped.</summary>
    public DropReason Reason;

    /// <summary>Traffic class of the softwire header; the type of service itself where there is none.</summary>
    public byte OuterTos;

    /// <summary>Type of service of the IPv4 header.</summary>
    public byte Tos;

    /// <summary>Time to live of the IPv4 header as it arrived.</summary>
    public byte Ttl;

    /// <summary>Number of the AFTR address that the softwire ends at.</summary>
    public byte Aftr;

    /// <summary>Bytes of VLAN tags: 0, 4 or 8.</summary>
    public byte TagBytes;

    /// <summary>It came here by hairpinning: its time to live is spent already.</summary>
    public bool Hairpinned;

    /// <summary>A fragment whose ports another worker has found out already.</summary>
    public bool PortsKnown;

    /// <summary>A fragment that is not the first: it has no transport header.</summary>
    public readonly bool IsLaterFragment => (FragmentField & 0x1FFF) != 0;

    /// <summary>It may not be fragmented.</summary>
    public readonly bool DontFragment => (FragmentField & 0x4000) != 0;

    /// <summary>
    /// Neither a fragment nor to become one, so that its identification means nothing (RFC 6864 4.1).
    /// </summary>
    public readonly bool IsAtomic => (FragmentField & 0x7FFF) == 0x4000;

    /// <summary>Makes it a packet that ends here.</summary>
    public void Refuse(DropReason reason)
    {
        Class = PacketClass.Refused;
        Verdict = Verdict.Drop;
        Reason = reason;
    }
}
