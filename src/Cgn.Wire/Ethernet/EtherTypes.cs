namespace Cgn.Wire;

/// <summary>Values of the Ethernet type field that the gateway knows, in host order (IEEE 802 numbers).</summary>
public static class EtherTypes
{
    /// <summary>IPv4 (RFC 894).</summary>
    public const ushort Ipv4 = 0x0800;

    /// <summary>Address resolution (RFC 826).</summary>
    public const ushort Arp = 0x0806;

    /// <summary>IPv6 (RFC 2464).</summary>
    public const ushort Ipv6 = 0x86DD;

    /// <summary>A customer VLAN tag (IEEE 802.1Q).</summary>
    public const ushort Vlan = 0x8100;

    /// <summary>A service VLAN tag (IEEE 802.1ad).</summary>
    public const ushort ServiceVlan = 0x88A8;

    /// <summary>A service VLAN tag as older switches write it.</summary>
    public const ushort OldServiceVlan = 0x9100;

    /// <summary>PPP in enhanced GRE (RFC 2637 §4.1); a GRE protocol type rather than a frame's.</summary>
    public const ushort Ppp = 0x880B;

    /// <summary>Smaller values are IEEE 802.3 lengths, not types.</summary>
    public const ushort Min = 0x0600;

    /// <summary>Whether four bytes of VLAN tag begin with this type.</summary>
    /// <param name="type">A type in host order.</param>
    public static bool IsTag(ushort type) => type is Vlan or ServiceVlan or OldServiceVlan;
}
