using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>Subscribers by address, and their plan.</summary>
public sealed class StaticSubscriberSection : ConfigSection
{
    /// <summary>Addresses: an IPv6 or IPv4 prefix, or one address.</summary>
    [Key("match", Required = true)]
    public SubscriberMatch Match { get; private set; }

    /// <summary>Name of the plan.</summary>
    [Key("plan", Required = true)]
    public string Plan { get; private set; } = "";

    /// <summary>Pool that they draw from. Left out: see the pools' match and the plan's pool.</summary>
    [Key("pool")]
    public string? Pool { get; private set; }
}
