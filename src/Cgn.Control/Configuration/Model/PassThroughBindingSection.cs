using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>Where answers to an untranslated address behind a softwire go (RFC 6333 section 11).</summary>
public sealed class PassThroughBindingSection : ConfigSection
{
    /// <summary>The subscriber's own addresses, as the outside sees them.</summary>
    [Key("prefix", Required = true)]
    public Ipv4PrefixValue Prefix { get; private set; }

    /// <summary>The B4's whole address.</summary>
    [Key("b4-ipv6-address", Required = true)]
    public Ipv6AddressValue B4 { get; private set; }
}
