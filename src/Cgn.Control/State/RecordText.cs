using System;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Wire;

namespace Cgn.Control.State;

/// <summary>Values of records as listings and the API write them.</summary>
public static class RecordText
{
    /// <summary>The protocol's name; its number where it has none here.</summary>
    /// <param name="protocol">As in the IPv4 header.</param>
    public static object Protocol(byte protocol) => (IpProtocol)protocol switch
    {
        IpProtocol.Tcp => "tcp",
        IpProtocol.Udp => "udp",
        IpProtocol.Icmp => "icmp",
        IpProtocol.Dccp => "dccp",
        IpProtocol.Gre => "gre",
        IpProtocol.Esp => "esp",
        IpProtocol.Sctp => "sctp",
        IpProtocol.UdpLite => "udp-lite",
        _ => protocol,
    };

    /// <summary>The protocol of a name or number; null for no protocol.</summary>
    /// <param name="text">As <see cref="Protocol"/> writes it, or any number.</param>
    public static byte? ProtocolOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (int protocol = 0; protocol <= byte.MaxValue; protocol++)
        {
            if (text == Protocol((byte)protocol).ToString() || text == protocol.ToString())
                return (byte)protocol;
        }

        return null;
    }

    /// <summary>Where a mapping is in its life.</summary>
    /// <param name="state">Any.</param>
    public static string Of(MappingState state) => state switch
    {
        MappingState.Static => "static",
        MappingState.HeldDown => "held",
        MappingState.Explicit => "explicit",
        _ => "dynamic",
    };

    /// <summary>RFC 8512's mapping-entry type.</summary>
    /// <param name="state">Any.</param>
    public static string TypeOf(MappingState state) => state switch
    {
        MappingState.Static => "static",
        MappingState.Explicit => "dynamic-explicit",
        _ => "dynamic-implicit",
    };

    /// <summary>Where a session is in its life.</summary>
    /// <param name="state">Any.</param>
    public static string Of(SessionState state) => state switch
    {
        SessionState.Udp => "udp",
        SessionState.IcmpQuery => "icmp_query",
        SessionState.AddressOnly => "address_only",
        SessionState.DccpOpening => "dccp_opening",
        SessionState.DccpEstablished => "dccp_established",
        SessionState.DccpClosing => "dccp_closing",
        SessionState.TcpInitInside => "tcp_init_inside",
        SessionState.TcpInitOutside => "tcp_init_outside",
        SessionState.TcpEstablished => "tcp_established",
        SessionState.TcpFinInside => "tcp_fin_inside",
        SessionState.TcpFinOutside => "tcp_fin_outside",
        SessionState.TcpClosing => "tcp_closing",
        SessionState.TcpTransitory => "tcp_transitory",
        SessionState.TcpProbed => "tcp_probed",
        >= SessionState.UdpTimed and < SessionState.UdpTimed + UdpPortTimeout.TimesMax => "udp",
        SessionState.Expected => "expected",
        _ => $"state_{(byte)state}",
    };

    /// <summary>eim, adm or edm.</summary>
    /// <param name="type">Any.</param>
    public static string Of(MappingType type) => type switch
    {
        MappingType.AddressDependent => "adm",
        MappingType.AddressAndPortDependent => "edm",
        _ => "eim",
    };

    /// <summary>eif, adf or edf.</summary>
    /// <param name="type">Any.</param>
    public static string Of(FilteringType type) => type switch
    {
        FilteringType.AddressDependent => "adf",
        FilteringType.AddressAndPortDependent => "edf",
        _ => "eif",
    };
}
