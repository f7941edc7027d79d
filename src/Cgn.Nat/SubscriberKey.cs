using Cgn.Contract.Records;

namespace Cgn.Nat;

/// <summary>Who a subscriber is, as read from a packet alone.</summary>
/// <param name="High">
/// Upper half of the B4's address masked to the subscriber's bits (RFC 7785 section 3); 0 for NAT444.
/// </param>
/// <param name="Low">Lower half, masked likewise; for NAT444 the customer's IPv4 address in host order.</param>
/// <param name="Kind">How the subscriber is attached; never <see cref="SubscriberKind.None"/>.</param>
public readonly record struct SubscriberKey(ulong High, ulong Low, SubscriberKind Kind);
