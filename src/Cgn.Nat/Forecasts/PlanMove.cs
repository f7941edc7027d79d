namespace Cgn.Nat.Forecasts;

/// <summary>A subscriber whose plan another configuration changes.</summary>
/// <param name="Subscriber">Who.</param>
/// <param name="From">What it has now.</param>
/// <param name="To">What it would have.</param>
public readonly record struct PlanMove(SubscriberKey Subscriber, PlanChoice From, PlanChoice To);
