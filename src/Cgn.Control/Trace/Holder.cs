namespace Cgn.Control.Trace;

/// <summary>Who held a public address and port.</summary>
/// <param name="Subscriber">B4 prefix, or NAT444 customer's address.</param>
/// <param name="ExternalAddress">External address.</param>
/// <param name="PortStart">First port of the block, set or mapping.</param>
/// <param name="PortEnd">Last port.</param>
/// <param name="From">From when on, UTC; null when no record says.</param>
/// <param name="To">Until when, UTC; null when it is held still, or no record says.</param>
/// <param name="Source">What says so: computed, static, block-log or records (of the running gateway).</param>
public sealed record Holder(
    string Subscriber, string ExternalAddress, int PortStart, int PortEnd, string? From, string? To, string Source);
