namespace Cgn.Nat.Forecasts;

/// <summary>What a configuration has for a subscriber.</summary>
/// <param name="Name">Name of its plan; null for whoever is not served.</param>
/// <param name="IsAsked">
/// It is not served until somebody who is asked about it has granted something (RADIUS); else, without a plan, it is
/// refused.
/// </param>
public readonly record struct PlanChoice(string? Name, bool IsAsked);
