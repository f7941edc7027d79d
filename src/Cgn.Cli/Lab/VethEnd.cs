using System.Collections.Generic;

namespace Cgn.Cli.Lab;

/// <summary>One end of a virtual Ethernet link.</summary>
/// <param name="Namespace">Where it is.</param>
/// <param name="Device">Its interface name, 15 characters at most.</param>
/// <param name="Addresses">Its IPv4 and IPv6 addresses, each with a prefix length.</param>
public sealed record VethEnd(NetworkNamespace Namespace, string Device, IReadOnlyList<string> Addresses);
