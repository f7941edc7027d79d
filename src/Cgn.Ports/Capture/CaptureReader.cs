using System;
using System.IO;

using SharpPcap;
using SharpPcap.LibPcap;

namespace Cgn.Ports.Capture;

/// <summary>
/// Reads a capture file from front to back: classic pcap of either byte order, or pcapng, with micro- or nanoseconds,
/// interfaces of different resolution included. Libpcap requires all interfaces of a pcapng file to have one link type.
/// Nothing is allocated for a packet.
/// </summary>
public sealed unsafe class CaptureReader : IDisposable
{
    private readonly CaptureFileReaderDevice _device;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The capture.</param>
    /// <exception cref="CaptureException">No such file, not a capture, unreadable, or libpcap is not
    /// installed.</exception>
    public CaptureReader(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;
        IsNanosecond = Inspect(path);
        _device = new CaptureFileReaderDevice(path);
        try
        {
            // Asked for nanoseconds, libpcap scales whatever the file has.
            _device.Open(new DeviceConfiguration { TimestampResolution = TimestampResolution.Nanosecond });
        }
        catch (PcapException error)
        {
            throw new CaptureException($"{path}: {Plain(error.Message)}; a pcap or pcapng file is expected", error);
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException)
        {
            throw new CaptureException($"{path}: libpcap is missing: install the package libpcap0.8", error);
        }

        LinkType = (CaptureLinkType)(int)_device.LinkType;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What the packets begin with.</summary>
    public CaptureLinkType LinkType { get; }

    /// <summary>The file's timestamps are finer than a microsecond; what is made of it should be too.</summary>
    public bool IsNanosecond { get; }

    /// <summary>Packets read so far; the number, from 1, of the one read last.</summary>
    public long RecordNumber { get; private set; }

    /// <summary>Reads the next packet.</summary>
    /// <param name="record">The packet, valid until the next call.</param>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="CaptureException">The file is cut off or damaged at this record.</exception>
    public bool TryRead(out CaptureRecord record)
    {
        nint header = 0;
        nint data = 0;
        int result = _device.GetNextPacketPointers(ref header, ref data);
        if (result == 1)
        {
            // struct pcap_pkthdr on 64-bit Linux: seconds and fraction of 8 bytes, captured and original length of 4.
            // Libpcap has checked that the captured length is within its own buffer, which stays as it is until the
            // next call.
            long* time = (long*)header;
            uint* lengths = (uint*)(time + 2);
            // Classic pcap counts seconds in 32 bits without sign; libpcap extends them as if signed, which fails after
            // 2038.
            long seconds = time[0] < 0 ? (uint)time[0] : time[0];
            record = new CaptureRecord(
                (seconds * 1_000_000_000L) + time[1], lengths[1], new ReadOnlySpan<byte>((void*)data, (int)lengths[0]));
            RecordNumber++;
            return true;
        }

        record = default;
        if (result == -1)
        {
            throw new CaptureException(
                $"{Path}: record {RecordNumber + 1}: {Plain(_device.LastError)}; "
                + $"the {RecordNumber} records before it are sound, so it may have been cut off: "
                + "capture again, or shorten it to those");
        }

        return false;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _device.Dispose();

    private static bool Inspect(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            Span<byte> head = stackalloc byte[4];
            int got = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            if (got == 0)
                throw new CaptureException($"{path}: the file is empty; a pcap or pcapng file is expected");
            if (!CaptureFormat.IsCapture(head[..got]))
            {
                throw new CaptureException(
                    $"{path}: not a capture: it begins with {Convert.ToHexString(head[..got])}; "
                    + "a pcap file begins with D4C3B2A1, A1B2C3D4, 4D3CB2A1 or A1B23C4D, a pcapng file with 0A0D0D0A");
            }

            file.Position = 0;
            return CaptureFormat.IsNanosecond(file);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CaptureException($"{path}: there is no such file", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new CaptureException($"{path}: reading is not permitted, or it is a directory", error);
        }
    }

    private static string Plain(string message)
    {
        const string Prefix = "Unable to open offline adapter: ";
        int at = message.IndexOf(Prefix, StringComparison.Ordinal);
        return (at < 0 ? message : message[(at + Prefix.Length)..]).Trim().TrimEnd('.');
    }
}
