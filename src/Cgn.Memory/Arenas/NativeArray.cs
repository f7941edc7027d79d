using System;
using System.Runtime.CompilerServices;

namespace Cgn.Memory.Arenas;

/// <summary>A fixed run of structs over a section of an arena, bounds-checked.</summary>
/// <typeparam name="T">The element: a struct without references.</typeparam>
public readonly unsafe struct NativeArray<T>
    where T : unmanaged
{
    private readonly T* _first;

    /// <summary>Lays an array over a section.</summary>
    /// <param name="section">Memory for at least <paramref name="length"/> elements.</param>
    /// <param name="length">Elements.</param>
    public NativeArray(ArenaSection section, uint length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((ulong)section.Bytes, (ulong)length * (ulong)sizeof(T));
        _first = (T*)section.Address;
        Length = length;
    }

    /// <summary>Elements.</summary>
    public uint Length { get; }

    /// <summary>An element by number, from 0.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such element.</exception>
    public ref T this[uint index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            // Bounds: index < Length, and the section holds Length elements.
            if (index >= Length)
                ThrowOutside();
            return ref _first[index];
        }
    }

    /// <summary>The elements as a span; at most 2^31 - 1 of them.</summary>
    public Span<T> Span => new(_first, checked((int)Length));

    /// <summary>Asks the processor for an element's cache line. Any index is harmless.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(uint index) => Memory.Prefetch.Read(_first + index);

    private static void ThrowOutside() => throw new InvalidOperationException("native array: index outside");
}
