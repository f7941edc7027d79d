namespace Cgn.Pipeline.Slow;

/// <summary>An endpoint in a quoted packet, host byte order.</summary>
/// <param name="Address">IPv4 address.</param>
/// <param name="Port">Port or query identifier; 0 for protocols without.</param>
internal readonly record struct QuotedEndpoint(uint Address, ushort Port);
