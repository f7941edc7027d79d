namespace Cgn.Control.Trace;

/// <summary>A static mapping as an epoch records it.</summary>
/// <param name="Subscriber">B4 prefix, or customer's address.</param>
/// <param name="Protocol">Transport protocol, as in the IPv4 header.</param>
/// <param name="ExternalAddress">External address.</param>
/// <param name="ExternalPort">External port.</param>
public sealed record EpochMapping(string Subscriber, int Protocol, string ExternalAddress, int ExternalPort);
