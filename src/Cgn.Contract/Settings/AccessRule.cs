namespace Cgn.Contract.Settings;

/// <summary>Packets that are not carried (RFC 1812 5.3.9); named as in RFC 8519.</summary>
/// <param name="Source">Sources, as the packet has them when it comes in; length 0 for any.</param>
/// <param name="Destination">Destinations, likewise.</param>
public readonly record struct AccessRule(Ipv4PrefixSetting Source, Ipv4PrefixSetting Destination)
{
    /// <summary>Most rules that one side may have, so that a new flow asks a bounded number.</summary>
    public const int Max = 256;

    /// <summary>A packet is one of them.</summary>
    /// <param name="source">Its source, host byte order.</param>
    /// <param name="destination">Its destination, host byte order.</param>
    public bool Holds(uint source, uint destination) => Source.Contains(source) && Destination.Contains(destination);
}
