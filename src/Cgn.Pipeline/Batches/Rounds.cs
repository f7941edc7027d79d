using System;
using System.Runtime.CompilerServices;

using Cgn.Memory.Frames;

namespace Cgn.Pipeline.Batches;

/// <summary>
/// How far each of the fast stages has come in a batch. They go over it in rounds of a few packets, the last stage
/// first, so that each takes what the one before it took a round ago: memory asked for in one stage has answered by
/// the next, and its answers arrive while the others compute rather than all at once.
/// </summary>
internal struct Rounds
{
    /// <summary>Packets that a stage takes in a round.</summary>
    public const int Packets = 8;

    /// <summary>Rounds that frames are asked for before they are parsed.</summary>
    public const int Ahead = 2;

    /// <summary>Fast packets translated before this round.</summary>
    public int Translated;

    /// <summary>Fast packets whose subscribers were asked for before this round.</summary>
    public int Fetched;

    /// <summary>Fast packets looked for outside their buckets before this round.</summary>
    public int Sought;

    /// <summary>Fast packets looked for before this round.</summary>
    public int Found;

    /// <summary>Fast packets parsed before this round.</summary>
    public int Parsed;

    /// <summary>Packets parsed before this round, fast or not.</summary>
    public int Begun;

    /// <summary>Packets parsed after this round.</summary>
    public int End;

    /// <summary>Begins the next round; false when there is nothing left to do.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGoOn(PacketBatch batch, FrameStore store)
    {
        Translated = Fetched;
        Fetched = Sought;
        Sought = Found;
        Found = Parsed;
        Parsed = batch.FastCount;
        Begun = End;
        End = Math.Min(Begun + Packets, batch.Count);
        if (Begun == batch.Count)
            return Translated != Parsed;
        int ahead = Math.Min(batch.Count, End + (Packets * Ahead));
        foreach (ref readonly Frame frame in batch.Frames[Math.Min(ahead, Begun + (Packets * Ahead))..ahead])
            store.Prefetch(frame);
        return true;
    }
}
