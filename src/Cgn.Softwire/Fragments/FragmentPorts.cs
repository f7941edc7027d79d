namespace Cgn.Softwire;

/// <summary>What only the first fragment of a datagram says, and all the others need for their translation.</summary>
/// <param name="Source">Source port, or the identifier of an ICMP query; host order.</param>
/// <param name="Destination">Destination port, or 0 for ICMP.</param>
public readonly record struct FragmentPorts(ushort Source, ushort Destination);
