namespace Cgn.Control.Radius.Sessions;

/// <summary>A policy for a subscriber.</summary>
/// <param name="Who">The subscriber.</param>
/// <param name="Policy">Its policy.</param>
internal readonly record struct SubscriberGrant(SubscriberIdentity Who, SubscriberPolicy Policy);
