namespace Cgn.Control.Configuration.Comparison;

/// <summary>A key that two configurations have different values of.</summary>
/// <param name="Path">
/// Where it stands, as in <c>plans[home].rate-down</c>: items that have a name are named, others stand as a whole.
/// </param>
/// <param name="Old">The value that is, as it would be written; null where there is none.</param>
/// <param name="New">The value to be; null where there is none.</param>
/// <param name="IsSection">The values are whole sections, not single words.</param>
public sealed record KeyDifference(string Path, string? Old, string? New, bool IsSection = false);
