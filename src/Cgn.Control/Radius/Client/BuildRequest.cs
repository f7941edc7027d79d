using System;

namespace Cgn.Control.Radius.Client;

/// <summary>Writes a request anew for a server and an identifier; what is sent again is the same bytes.</summary>
/// <param name="identifier">Identifier, free at that server's socket.</param>
/// <param name="secret">The server's secret.</param>
internal delegate byte[] BuildRequest(byte identifier, ReadOnlySpan<byte> secret);
