using System;

using Cgn.Ports.Capture;

namespace Cgn.Cli.Translate;

/// <summary>The frames of one Ethernet capture, one of them in sight. Without a file there are none.</summary>
internal sealed class FrameSource : IDisposable
{
    /// <summary>Bytes of the longest frame that fits into the gateway's largest chunk with its headers.</summary>
    internal const int FrameBytesMax = 131072 - 512;

    private readonly CaptureReader? _reader;
    private byte[] _frame = new byte[2048];
    private int _length;

    /// <summary>Opens a capture and reads its first frame.</summary>
    /// <param name="path">The file; null for none.</param>
    /// <exception cref="CommandException">Its link type is not Ethernet.</exception>
    /// <exception cref="CaptureException">It can't be read.</exception>
    internal FrameSource(string? path)
    {
        if (path is null)
            return;
        _reader = new CaptureReader(path);
        if (_reader.LinkType != CaptureLinkType.Ethernet)
        {
            string linkType = Enum.IsDefined(_reader.LinkType)
                ? _reader.LinkType.ToString()
                : $"number {(int)_reader.LinkType}";
            _reader.Dispose();
            throw new CommandException(
                $"{path}: link type {linkType}; translate takes Ethernet frames (cgn replay takes other link types)");
        }

        Advance();
    }

    /// <summary>There is a frame in sight.</summary>
    internal bool HasFrame { get; private set; }

    /// <summary>When it was captured: nanoseconds since 1970 UTC.</summary>
    internal long TimestampNs { get; private set; }

    /// <summary>The frame in sight.</summary>
    internal ReadOnlySpan<byte> Frame => _frame.AsSpan(0, _length);

    /// <summary>Its number in the file, from 1.</summary>
    internal long Number => _reader?.RecordNumber ?? 0;

    /// <summary>Times in the file are finer than a microsecond.</summary>
    internal bool IsNanosecond => _reader?.IsNanosecond ?? false;

    /// <summary>Bytes of the longest frame of a file and how many frames it has; 0 without a file.</summary>
    internal static (int Longest, long Count) Survey(string? path)
    {
        int longest = 0;
        if (path is null)
            return (0, 0);
        using CaptureReader reader = new(path);
        while (reader.TryRead(out CaptureRecord record))
        {
            longest = Math.Max(longest, record.Bytes.Length);
            if (longest > FrameBytesMax)
            {
                throw new CommandException(
                    $"{path}: record {reader.RecordNumber}: a frame of {longest} bytes; "
                    + $"at most {FrameBytesMax} would be right");
            }
        }

        return (longest, reader.RecordNumber);
    }

    /// <summary>Goes on to the next frame.</summary>
    internal void Advance()
    {
        HasFrame = _reader!.TryRead(out CaptureRecord record);
        if (!HasFrame)
            return;
        if (record.Bytes.Length > _frame.Length)
            _frame = new byte[record.Bytes.Length];
        record.Bytes.CopyTo(_frame);
        _length = record.Bytes.Length;
        TimestampNs = record.TimestampNs;
    }

    /// <inheritdoc/>
    public void Dispose() => _reader?.Dispose();
}
