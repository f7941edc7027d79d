using System;

namespace Cgn.Ports.Capture;

/// <summary>One packet of a capture file, borrowed: its bytes are valid until the next one is read.</summary>
public readonly ref struct CaptureRecord
{
    /// <summary>Puts together what was read.</summary>
    public CaptureRecord(long timestampNs, uint originalLength, ReadOnlySpan<byte> bytes)
    {
        TimestampNs = timestampNs;
        OriginalLength = originalLength;
        Bytes = bytes;
    }

    /// <summary>When it was captured: nanoseconds since 1970-01-01 UTC.</summary>
    public long TimestampNs { get; }

    /// <summary>Bytes that the packet had on the wire.</summary>
    public uint OriginalLength { get; }

    /// <summary>The captured bytes, from the start of what the link type names.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The capture kept only the start of the packet.</summary>
    public bool IsCutShort => (uint)Bytes.Length < OriginalLength;
}
