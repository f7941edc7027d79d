using System.Runtime.InteropServices;

namespace Cgn.Control.Hosting.Events;

/// <summary>What is about to be appended to the block log, and what has been: one page of a
/// <see cref="LogCursor"/>.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
internal struct LogIntent
{
    internal const int SizeBytes = 4096;

    /// <summary>1 while it is not known whether the rest has been carried out; written last.</summary>
    [FieldOffset(0)] public ulong IsOpen;

    /// <summary>Bytes of the file before.</summary>
    [FieldOffset(8)] public long Before;

    /// <summary>Bytes to append.</summary>
    [FieldOffset(16)] public long Bytes;

    /// <summary>A hash of them.</summary>
    [FieldOffset(24)] public ulong Hash;

    /// <summary>The file.</summary>
    [FieldOffset(32)] public FileIdentity File;

    /// <summary>The shard whose events they are, -1 when they are nobody's.</summary>
    [FieldOffset(48)] public int Shard;

    /// <summary>Sequence of the last of them.</summary>
    [FieldOffset(56)] public ulong LastSequence;

    /// <summary>By shard: sequence of the last event that the log has.</summary>
    [FieldOffset(64)] public Sequences Recorded;

    /// <summary>A number for each shard that there can be.</summary>
    [System.Runtime.CompilerServices.InlineArray(LogCursor.ShardsMax)]
    internal struct Sequences
    {
        private ulong _first;
    }
}
