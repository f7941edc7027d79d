using System;

using Cgn.Memory.Frames;
using Cgn.Ports.Capture;

namespace Cgn.Cli.Replay;

/// <summary>The captures of what left by each side, where they were asked for.</summary>
internal sealed class FrameWriters : IDisposable
{
    private readonly CaptureWriter? _inside;
    private readonly CaptureWriter? _outside;

    /// <summary>Makes the files.</summary>
    /// <param name="insidePath">Where what leaves inside goes; null for nowhere.</param>
    /// <param name="outsidePath">Where what leaves outside goes; null for nowhere.</param>
    /// <param name="nanoseconds">Times are finer than a microsecond.</param>
    /// <exception cref="CaptureException">A file can't be made.</exception>
    internal FrameWriters(string? insidePath, string? outsidePath, bool nanoseconds)
    {
        _inside = insidePath is null ? null : new CaptureWriter(insidePath, nanoseconds: nanoseconds);
        try
        {
            _outside = outsidePath is null ? null : new CaptureWriter(outsidePath, nanoseconds: nanoseconds);
        }
        catch
        {
            _inside?.Dispose();
            throw;
        }
    }

    /// <summary>Adds a frame.</summary>
    internal void Write(byte side, long timestampNs, ReadOnlySpan<byte> frame)
    {
        CaptureWriter? writer = side == FramePort.Inside ? _inside : _outside;
        writer?.Write(timestampNs, frame);
    }

    /// <summary>Makes sure that all of it is on the disk.</summary>
    /// <exception cref="CaptureException">It is not.</exception>
    internal void Complete()
    {
        _inside?.Complete();
        _outside?.Complete();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _inside?.Dispose();
        _outside?.Dispose();
    }
}
