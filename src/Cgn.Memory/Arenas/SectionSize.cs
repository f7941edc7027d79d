namespace Cgn.Memory.Arenas;

/// <summary>A section of an arena, before it is taken.</summary>
/// <param name="Name">Its name, as for <see cref="Arena.Take"/>.</param>
/// <param name="Bytes">Bytes that will be asked for.</param>
public readonly record struct SectionSize(string Name, nuint Bytes);
