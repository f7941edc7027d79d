namespace Cgn.Control.Configuration.Model;

/// <summary>Transport protocols of static mappings.</summary>
public enum StaticProtocol
{
    /// <summary>TCP.</summary>
    Tcp = 0,

    /// <summary>UDP.</summary>
    Udp = 1,

    /// <summary>ICMP queries; the port is their identifier.</summary>
    Icmp = 2,
}
