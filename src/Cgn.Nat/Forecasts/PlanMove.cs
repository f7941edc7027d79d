namespace Cgn.Nat.Forecasts;

/// <summary>A subscriber whose plan another configuration changes.</summary>
/// <param name="Subscriber">Who.</param>
/// <param name="From">Name of the plan in force; null while the subscriber is refused.</param>
/// <param name="To">Name of the plan to be; null when the subscriber is to be refused.</param>
public readonly record struct PlanMove(SubscriberKey Subscriber, string? From, string? To);
