namespace Cgn.Memory.Arenas;

/// <summary>A named part of an <see cref="Arena"/>.</summary>
/// <param name="Address">First byte, aligned to a cache line.</param>
/// <param name="Bytes">Length in bytes.</param>
/// <param name="WasThere">It holds what an earlier process left, rather than zeros.</param>
public readonly record struct ArenaSection(nint Address, nuint Bytes, bool WasThere);
