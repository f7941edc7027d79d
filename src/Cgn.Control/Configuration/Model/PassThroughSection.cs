using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>A destination that is forwarded untranslated (RFC 6888 REQ-6).</summary>
public sealed class PassThroughSection : ConfigSection
{
    /// <summary>Remote addresses.</summary>
    [Key("prefix", Required = true)]
    public Ipv4PrefixValue Prefix { get; private set; }

    /// <summary>Transport protocol. Left out: any.</summary>
    [Key("protocol")]
    [Choices("tcp", "udp", "icmp")]
    public StaticProtocol? Protocol { get; private set; }

    /// <summary>Remote port. Left out: any.</summary>
    [Key("port", Min = "1", Max = "65535", Unit = "(a port)")]
    public int? Port { get; private set; }
}
