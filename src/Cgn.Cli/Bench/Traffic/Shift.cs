using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading;

namespace Cgn.Cli.Bench.Traffic;

/// <summary>
/// One sending of a list by a port. Written by the worker that polls the port, looked at by the thread that started it.
/// </summary>
internal sealed class Shift
{
    private readonly bool _repeats;
    private readonly FramePace? _pace;
    private Progress _at;
    private long _startedAt;
    private long _endedAt;

    /// <summary>Prepares a sending.</summary>
    /// <param name="list">What is sent.</param>
    /// <param name="repeats">Round and round rather than once.</param>
    /// <param name="pace">When frames arrive; null for as fast as they are taken.</param>
    public Shift(TemplateList list, bool repeats, FramePace? pace = null)
    {
        List = list;
        _repeats = repeats;
        _pace = pace;
    }

    /// <summary>What is sent.</summary>
    public TemplateList List { get; }

    /// <summary>The next template.</summary>
    public uint At => _at.Next;

    /// <summary>Frames handed to the worker so far.</summary>
    public long Count => Volatile.Read(ref _at.Sent);

    /// <summary>
    /// The worker has come back for more after the last frame, so all of them have been through its turn.
    /// </summary>
    public bool HasEnded => Volatile.Read(ref _endedAt) != 0;

    /// <summary>When the worker first asked, in <see cref="Stopwatch"/> ticks; 0 before.</summary>
    public long StartedAt => Volatile.Read(ref _startedAt);

    /// <summary>When the worker came back after the last frame; 0 before.</summary>
    public long EndedAt => Volatile.Read(ref _endedAt);

    /// <summary>When frames arrive; null for as fast as they are taken.</summary>
    public FramePace? Pace => _pace;

    /// <summary>How many templates to take now, without going beyond the end of the list.</summary>
    /// <param name="room">Frames that there is room for.</param>
    public int Want(int room)
    {
        if (_startedAt == 0)
            Volatile.Write(ref _startedAt, Stopwatch.GetTimestamp());
        if (At == List.Count)
        {
            if (!_repeats || List.Count == 0)
            {
                if (_endedAt == 0)
                    Volatile.Write(ref _endedAt, Stopwatch.GetTimestamp());
                return 0;
            }

            _at.Next = 0;
        }

        int frames = _pace is null ? room : _pace.Due(_at.Sent, room);
        return (int)Math.Min((uint)(frames / List.FramesPerTemplate), List.Count - At);
    }

    /// <summary>So many were made.</summary>
    /// <param name="templates">Templates used up.</param>
    /// <param name="frames">Frames made of them.</param>
    public void Sent(int templates, int frames)
    {
        _at.Next += (uint)templates;
        Volatile.Write(ref _at.Sent, _at.Sent + frames);
    }

    // What is written all the time, with cache lines of its own: workers' shifts are made one after another and lie so.
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct Progress
    {
        [FieldOffset(64)]
        public uint Next;

        [FieldOffset(72)]
        public long Sent;
    }
}
