namespace Cgn.Cli.Replay;

/// <summary>Who the ends of a packet are in one place: behind the subscriber's access, or outside.</summary>
/// <param name="Source">Source address of the packet.</param>
/// <param name="Destination">Destination address.</param>
/// <param name="Client">Address of the flow's client; the same as one of the two, except in an ICMP error, which may
/// come from a router.</param>
/// <param name="ClientPort">The client's port or identifier.</param>
/// <param name="Server">Address of the flow's server.</param>
internal readonly record struct FormEnds(uint Source, uint Destination, uint Client, ushort ClientPort, uint Server);
