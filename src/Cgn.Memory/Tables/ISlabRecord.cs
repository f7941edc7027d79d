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
}
