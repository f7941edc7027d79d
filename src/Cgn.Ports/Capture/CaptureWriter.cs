using System;
using System.IO;

using PacketDotNet;

using SharpPcap;
using SharpPcap.LibPcap;

namespace Cgn.Ports.Capture;

/// <summary>
/// Writes a classic pcap file. The same packets give the same bytes: byte order is the machine's, and nothing but what
/// is written enters the file. Libpcap does not report a full disk while writing, so the file's size is checked at the
/// end: call <see cref="Complete"/>.
/// </summary>
public sealed class CaptureWriter : IDisposable
{
    private const int SnapshotBytes = 262144;
    private const int FileHeaderBytes = 24;
    private const int RecordHeaderBytes = 16;

    private readonly CaptureFileWriterDevice _device;
    private readonly PcapHeader _header = new(0, 0, 0, 0);
    private long _expectedBytes = FileHeaderBytes;
    private bool _closed;

    /// <summary>Makes the file, or empties it.</summary>
    /// <param name="path">The capture to write.</param>
    /// <param name="linkType">What the packets begin with.</param>
    /// <param name="nanoseconds">True: timestamps in nanoseconds (magic number A1B23C4D); false: in microseconds,
    /// rounded down.</param>
    /// <exception cref="CaptureException">The file can't be made, or libpcap is not installed.</exception>
    public CaptureWriter(string path, CaptureLinkType linkType = CaptureLinkType.Ethernet, bool nanoseconds = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;
        _device = new CaptureFileWriterDevice(path);
        try
        {
            _device.Open(new DeviceConfiguration
            {
                LinkLayerType = (LinkLayers)(int)linkType,
                Snaplen = SnapshotBytes,
                TimestampResolution = nanoseconds ? TimestampResolution.Nanosecond : TimestampResolution.Microsecond,
            });
        }
        catch (PcapException error)
        {
            throw new CaptureException(
                $"{path}: can't be written: {error.Message}; a path in a writable directory is expected", error);
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException)
        {
            throw new CaptureException($"{path}: libpcap is missing: install the package libpcap0.8", error);
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Packets written so far.</summary>
    public long RecordCount { get; private set; }

    /// <summary>Adds a packet.</summary>
    /// <param name="timestampNs">Nanoseconds since 1970-01-01 UTC, 0 to 2^32 seconds.</param>
    /// <param name="packet">Its bytes, at most 262,144.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time or length that the format can't hold.</exception>
    public void Write(long timestampNs, ReadOnlySpan<byte> packet)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(timestampNs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timestampNs, uint.MaxValue * 1_000_000_000L);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(packet.Length, SnapshotBytes);
        // An exact decimal number of seconds: the integer with nine places.
        _header.Timeval.Value = new decimal((int)timestampNs, (int)(timestampNs >> 32), 0, isNegative: false, scale: 9);
        _header.PacketLength = (uint)packet.Length;
        _header.CaptureLength = (uint)packet.Length;
        PcapHeader header = _header;
        _device.Write(packet, ref header);
        _expectedBytes += RecordHeaderBytes + packet.Length;
        RecordCount++;
    }

    /// <summary>Closes the file and makes sure that all of it is there.</summary>
    /// <exception cref="CaptureException">Bytes are missing, as on a full disk.</exception>
    public void Complete()
    {
        if (_closed)
            return;
        _closed = true;
        _device.Close();
        // A device, such as /dev/stdout, has no size to check.
        if (Path.StartsWith("/dev/", StringComparison.Ordinal)
            && !Path.StartsWith("/dev/shm/", StringComparison.Ordinal))
            return;
        long length = new FileInfo(Path).Length;
        if (length != _expectedBytes)
            throw new CaptureException(
                $"{Path}: {length} of {_expectedBytes} bytes were written; the disk may be full");
    }

    /// <summary>Closes the file without the check of <see cref="Complete"/>.</summary>
    public void Dispose()
    {
        if (!_closed)
        {
            _closed = true;
            _device.Close();
        }

        _device.Dispose();
    }
}
