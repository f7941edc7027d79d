using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>A public endpoint that belongs to an internal one for good.</summary>
public sealed class StaticMappingSection : ConfigSection
{
    /// <summary>
    /// Whose: the B4's prefix of subscriber-mask-v6 bits (or its address), or the NAT444 customer's IPv4
    /// address.
    /// </summary>
    [Key("subscriber", Required = true)]
    public SubscriberMatch Subscriber { get; private set; }

    /// <summary>Transport protocol.</summary>
    [Key("protocol", Required = true)]
    [Choices("tcp", "udp", "icmp")]
    public StaticProtocol Protocol { get; private set; }

    /// <summary>Internal address and port; for NAT444 the address is the customer's.</summary>
    [Key("internal", Required = true)]
    public Ipv4Endpoint Internal { get; private set; }

    /// <summary>Public address and port; the address lies in a pool, the port need not be in its port-range.</summary>
    [Key("external", Required = true)]
    public Ipv4Endpoint External { get; private set; }

    /// <summary>One that stands in no file.</summary>
    internal static StaticMappingSection Of(
        SubscriberMatch subscriber, StaticProtocol protocol, Ipv4Endpoint inside, Ipv4Endpoint outside) => new()
        {
            Subscriber = subscriber,
            Protocol = protocol,
            Internal = inside,
            External = outside,
        };

    /// <summary>It says the same as another.</summary>
    internal bool IsSameAs(StaticMappingSection other) => Subscriber == other.Subscriber
        && Protocol == other.Protocol && Internal == other.Internal && External == other.External;
}
