namespace Cgn.Memory.Tables;

/// <summary>What a <see cref="Slab{T}"/> asks of its records. Implemented by structs only, so that every call is
/// direct.</summary>
public interface ISlabRecord
{
    /// <summary>The record holds something. False for zeroed memory.</summary>
    bool IsLive { get; }

    /// <summary>Number of the next free record; meaningful only while the record is not live.</summary>
    uint Link { get; set; }

    /// <summary>Makes the record not live by a single store.</summary>
    void Clear();

    /// <summary>Offset of the aligned eight bytes in which it stands whether the record is live.</summary>
    static abstract int LiveAt { get; }

    /// <summary>Offset of the aligned eight bytes that <see cref="Link"/> lies in.</summary>
    static abstract int LinkAt { get; }
}
