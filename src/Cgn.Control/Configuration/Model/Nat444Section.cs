using System.Collections.Generic;

using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>NAT444 (RFC 6888).</summary>
public sealed class Nat444Section : ConfigSection
{
    /// <summary>Customers' addresses, such as the shared space (RFC 6598).</summary>
    [Key("subscriber-match", Required = true)]
    public IReadOnlyList<Ipv4PrefixValue> SubscriberMatch { get; private set; } = [];
}
