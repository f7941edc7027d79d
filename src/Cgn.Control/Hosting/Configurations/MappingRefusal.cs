namespace Cgn.Control.Hosting.Configurations;

/// <summary>Why static mappings can't be had.</summary>
/// <param name="IsTaken">Somebody else has what is wanted; else it never fits this configuration.</param>
/// <param name="Why">For the operator, a sentence.</param>
internal sealed record MappingRefusal(bool IsTaken, string Why);
