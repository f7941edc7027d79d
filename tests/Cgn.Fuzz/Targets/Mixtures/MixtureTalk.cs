namespace Cgn.Fuzz.Targets.Mixtures;

/// <summary>A conversation of a host inside with a server.</summary>
/// <param name="B4">The B4's address, null for a NAT444 customer.</param>
/// <param name="Host">The host's address.</param>
/// <param name="Port">Its port.</param>
/// <param name="Server">The server's address.</param>
/// <param name="ServerPort">Its port.</param>
internal readonly record struct MixtureTalk(string? B4, string Host, ushort Port, string Server, ushort ServerPort);
