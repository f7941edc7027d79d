using System.Net;

namespace Cgn.Control.Radius.Dynamic;

/// <summary>Somebody who may send us requests: one address, and the secret that we share with it (RFC 5176 §6.1).
/// </summary>
/// <param name="Address">The address.</param>
/// <param name="Secret">The shared secret, at least one byte.</param>
internal sealed record DynamicClient(IPAddress Address, byte[] Secret);
