using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>Packets that are dropped; keys as in RFC 8519.</summary>
public sealed class AccessRuleSection : ConfigSection
{
    /// <summary>Their sources. Left out: any.</summary>
    [Key("source-ipv4-network")]
    public Ipv4PrefixValue? Source { get; private set; }

    /// <summary>Their destinations. Left out: any.</summary>
    [Key("destination-ipv4-network")]
    public Ipv4PrefixValue? Destination { get; private set; }
}
