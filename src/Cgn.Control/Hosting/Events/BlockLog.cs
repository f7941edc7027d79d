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
/// back, so that the file never holds part of a line.
/// </summary>
internal sealed class BlockLog : IEventSink, IDisposable
{
    private readonly string _path;
    private readonly BlockLogLine _line;
    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);
    private readonly Lock _gate = new();
    private SafeFileHandle? _file;

    /// <summary>Opens the file, or makes it and its directory.</summary>
    /// <param name="path">The file.</param>
    /// <param name="gateway">The gateway's name, for the lines.</param>
    /// <param name="maskBits">Bits of a B4's address that name the subscriber.</param>
    /// <exception cref="SystemRefusedException">It can't be opened for writing.</exception>
    public BlockLog(string path, string gateway, int maskBits)
    {
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
        _bytes.ResetWrittenCount();
        foreach (ref readonly ForwarderEvent told in events)
        {
            if (_line.TryAppend(told, _bytes))
                recorded++;
        }

        lock (_gate)
            return recorded == 0 || TryAppend(_bytes.WrittenSpan);
    }

    /// <summary>Appends a line that is no event's, from any thread; lost when the file can't be written.</summary>
    /// <param name="line">One JSON object, without its end.</param>
    public void Announce(string line)
    {
        lock (_gate)
            TryAppend(Encoding.UTF8.GetBytes(line + "\n"));
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
    }

    private SafeFileHandle Open() => File.OpenHandle(
        _path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    private bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        long end = -1;
        try
        {
            _file ??= Open();
            // Looked up each time: whoever rotates by copying cuts the file off under us.
            end = RandomAccess.GetLength(_file);
            RandomAccess.Write(_file, bytes, end);
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
            if (end >= 0 && _file is not null)
                RandomAccess.SetLength(_file, end);
        }
        catch (IOException)
        {
            // The file can't even be cut: it is opened anew for the next attempt.
            Close();
        }
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }
}
