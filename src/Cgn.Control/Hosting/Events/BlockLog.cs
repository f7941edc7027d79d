using System;
using System.Buffers;
using System.IO;
using System.Text;
using System.Threading;

using Cgn.Contract.Events;

using Microsoft.Win32.SafeHandles;

namespace Cgn.Control.Hosting.Events;

/// <summary>
/// The block log: a file of one JSON object a line, appended to. A batch is written whole or, when the disk is
/// full, taken
/// back, so that the file never holds part of a line. With a <see cref="LogCursor"/> every event is in it exactly once,
/// whenever the process is killed.
/// </summary>
internal sealed class BlockLog : IEventSink, IDisposable
{
    private readonly string _path;
    private readonly BlockLogLine _line;
    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);
    private readonly Lock _gate = new();
    private readonly string? _cursorFile;
    private LogCursor? _cursor;
    private SafeFileHandle? _file;

    /// <summary>Opens the file, or makes it and its directory.</summary>
    /// <param name="path">The file.</param>
    /// <param name="gateway">The gateway's name, for the lines.</param>
    /// <param name="maskBits">Bits of a B4's address that name the subscriber.</param>
    /// <param name="cursorFile">
    /// Where its cursor is kept, opened with the first line; null for none, and then a killed process may have left a
    /// batch that comes again.
    /// </param>
    /// <exception cref="SystemRefusedException">It can't be opened for writing.</exception>
    public BlockLog(string path, string gateway, int maskBits, string? cursorFile = null)
    {
        _cursorFile = cursorFile;
        _path = Path.GetFullPath(path);
        _line = new BlockLogLine(gateway, maskBits);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            _file = Open();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SystemRefusedException($"logging.block-log {path} can't be written: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public string Name => "block-log";

    /// <inheritdoc/>
    public bool TryWrite(ReadOnlySpan<ForwarderEvent> events, out int recorded)
    {
        recorded = 0;
        if (events.IsEmpty)
            return true;
        lock (_gate)
            return TryOpenCursor() && TryRecord(events, out recorded);
    }

    private bool TryRecord(ReadOnlySpan<ForwarderEvent> events, out int recorded)
    {
        recorded = 0;
        int shard = events[0].Shard;
        ulong before = _cursor?.Recorded(shard) ?? 0;
        _bytes.ResetWrittenCount();
        foreach (ref readonly ForwarderEvent told in events)
        {
            // What a killed process had recorded, but not yet taken out of the ring.
            if (told.Sequence <= before)
                continue;
            if (_line.TryAppend(told, _bytes))
                recorded++;
        }

        return recorded == 0 || TryAppend(_bytes.WrittenSpan, shard, events[^1].Sequence);
    }

    /// <summary>Appends a line that is no event's, from any thread; lost when the file can't be written.</summary>
    /// <param name="line">One JSON object, without its end.</param>
    public void Announce(string line)
    {
        lock (_gate)
            _ = TryOpenCursor() && TryAppend(Encoding.UTF8.GetBytes(line + "\n"), shard: -1, lastSequence: 0);
    }

    /// <inheritdoc/>
    public void Reopen()
    {
        lock (_gate)
            OpenAnew();
    }

    private void OpenAnew()
    {
        Close();
        try
        {
            _file = Open();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next batch tries again, and says so when it fails.
            _file = null;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        Close();
        _line.Dispose();
        _cursor?.Dispose();
    }

    private SafeFileHandle Open() => File.OpenHandle(
        _path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    private bool TryOpenCursor()
    {
        if (_cursorFile is null)
            return true;
        try
        {
            _cursor ??= new LogCursor(_cursorFile);
            if (_cursor.IsOpen)
                _cursor.Settle(_path);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private bool TryAppend(ReadOnlySpan<byte> bytes, int shard, ulong lastSequence)
    {
        long end = -1;
        try
        {
            _file ??= Open();
            // Looked up each time: whoever rotates by copying cuts the file off under us.
            end = RandomAccess.GetLength(_file);
            _cursor?.Begin(_file, end, bytes, shard, lastSequence);
            RandomAccess.Write(_file, bytes, end);
            _cursor?.End(isAppended: true);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            TakeBack(end);
            return false;
        }
    }

    private void TakeBack(long end)
    {
        try
        {
            if (end < 0 || _file is null)
                return;
            RandomAccess.SetLength(_file, end);
            _cursor?.End(isAppended: false);
        }
        catch (IOException)
        {
            // The file can't even be cut: it is opened anew for the next attempt, which cuts it first.
            Close();
        }
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }
}
