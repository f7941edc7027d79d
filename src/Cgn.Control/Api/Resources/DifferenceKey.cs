namespace Cgn.Control.Api.Resources;

/// <summary>A key that two configurations have different values of.</summary>
/// <param name="Path">Where it stands, as in <c>plans[home].rate-down</c>.</param>
/// <param name="Old">The value in force, as it would be written; null where there is none.</param>
/// <param name="New">The value to be; null where there is none.</param>
public sealed record DifferenceKey(string Path, string? Old, string? New);
