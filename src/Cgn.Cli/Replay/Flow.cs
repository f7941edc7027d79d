namespace Cgn.Cli.Replay;

/// <summary>
/// Two endpoints of a capture that talk, and who of them is the subscriber's. Addresses and ports as captured.
/// </summary>
/// <param name="Number">Its place among the capture's flows, from 0.</param>
/// <param name="Kind">How its packets are told.</param>
/// <param name="Protocol">Transport protocol.</param>
/// <param name="Client">Address of the side that becomes an internal host.</param>
/// <param name="ClientPort">Its port; the identifier of ICMP queries; 0 without ports.</param>
/// <param name="Server">Address of the side that stays outside.</param>
/// <param name="ServerPort">Its port; 0 for ICMP and without ports.</param>
/// <param name="Endpoint">Number of the internal endpoint, which flows with an endpoint-independent mapping
/// share.</param>
internal sealed record Flow(
    int Number, PacketKind Kind, byte Protocol, uint Client, ushort ClientPort, uint Server, ushort ServerPort,
    int Endpoint);
