using System;
using System.Threading;

namespace Cgn.Cli.Bench.Traffic;

/// <summary>
/// Looks at frames that leave; only between measurements, or where a measurement says so. Used by one worker's thread.
/// </summary>
internal abstract class FrameInspector
{
    private long _seen;
    private string? _complaint;

    /// <summary>Frames looked at.</summary>
    public long Seen => Volatile.Read(ref _seen);

    /// <summary>What was wrong with the first frame that was; null while all were right.</summary>
    public string? Complaint => Volatile.Read(ref _complaint);

    /// <summary>Looks at a frame.</summary>
    public void Inspect(ReadOnlySpan<byte> frame)
    {
        string? complaint = Look(frame);
        if (complaint is not null && _complaint is null)
            Volatile.Write(ref _complaint, complaint);
        Volatile.Write(ref _seen, _seen + 1);
    }

    /// <summary>Says what is wrong with a frame, or null.</summary>
    protected abstract string? Look(ReadOnlySpan<byte> frame);
}
