using Cgn.Contract.Records;

namespace Cgn.Contract.Pools;

/// <summary>Who a subscriber is, as deterministic mode computes it.</summary>
/// <param name="Kind">DS-Lite or NAT444.</param>
/// <param name="High">Upper half of the B4's masked prefix; 0 for NAT444.</param>
/// <param name="Low">Lower half; for NAT444 the customer's IPv4 address.</param>
public readonly record struct SubscriberId(SubscriberKind Kind, ulong High, ulong Low);
