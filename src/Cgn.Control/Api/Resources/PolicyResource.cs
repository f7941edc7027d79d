namespace Cgn.Control.Api.Resources;

/// <summary>A policy that a subscriber is being granted.</summary>
/// <param name="Subscriber">Whom: the B4's prefix, or the NAT444 customer's IPv4 address.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Overrides">What holds in place of what the plan says, in the configuration's words; null: nothing.
/// </param>
public sealed record PolicyResource(string Subscriber, string Plan, string? Overrides);
