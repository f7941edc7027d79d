using System;
using System.Runtime.InteropServices;

using Cgn.Memory.Frames;
using Cgn.Ports.Native;
using Cgn.Ports.Steering;

using SharpPcap;
using SharpPcap.LibPcap;

namespace Cgn.Ports.Live;

/// <summary>
/// A device through libpcap: works with every device and every kernel, and copies each frame twice. Frames that are not
/// ours are passed over, since libpcap shows the kernel's own traffic too.
/// </summary>
public sealed unsafe class PcapPort : Port
{
    private const int SocketLevelPacket = 263;
    private const int OptionFanout = 18;

    // Frames looked at for one call: others than ours don't fill the batch, and must not keep the worker.
    private const int LooksPerFrame = 4;

    private readonly LibPcapLiveDevice _capture;
    private readonly SteeringMatcher _matcher;
    private readonly uint _roomBytes;
    private readonly int _descriptor;
    private nint _handle;

    internal PcapPort(
        FrameStore store, LibPcapLiveDevice capture, SteeringMatcher matcher, byte side, ushort worker, int bufferBytes)
        : base(store, $"{capture.Name} (libpcap)", side, worker)
    {
        _capture = capture;
        _matcher = matcher;
        _roomBytes = (uint)(store.ChunkBytes - FrameStore.Headroom);
        LibPcap.Bind();
        try
        {
            capture.Open(new DeviceConfiguration
            {
                // One byte more than fits tells a frame that is too long from one that just fits.
                Snaplen = (int)_roomBytes + 1,
                Mode = DeviceModes.None,
                Immediate = true,
                ReadTimeout = 1,
                BufferSize = bufferBytes,
            });
            capture.NonBlockingMode = true;
        }
        catch (PcapException error)
        {
            capture.Dispose();
            throw new PortException(
                $"{capture.Name}: libpcap can't open the device: {error.Message.TrimEnd('.')}; "
                + "the privilege CAP_NET_RAW is needed, and a device that is up" + Capabilities.Missing("CAP_NET_RAW"),
                error);
        }

        _handle = capture.Handle.DangerousGetHandle();
        // The kernel would show us what we send.
        _ = LibPcap.pcap_setdirection(_handle, LibPcap.DirectionIn);
        _descriptor = LibPcap.pcap_get_selectable_fd(_handle);
    }

    /// <inheritdoc/>
    public override int WaitDescriptor => _descriptor;

    /// <inheritdoc/>
    public override int Receive(Span<Frame> frames, FramePool pool)
    {
        int kept = 0;
        ulong bytes = 0;
        LibPcap.PacketHeader* header = null;
        byte* data = null;
        for (int looks = frames.Length * LooksPerFrame; looks > 0 && kept < frames.Length && _handle != 0; looks--)
        {
            // A frame that is taken out of libpcap's ring without a chunk to put it in would be lost: so the chunk
            // comes first.
            if (pool.Count == 0 || LibPcap.pcap_next_ex(_handle, &header, &data) != 1)
                break;
            // Libpcap has at least that many bytes in its ring, and they stay until the next call.
            ReadOnlySpan<byte> packet = new(data, (int)header->CapturedBytes);
            if (!_matcher.IsOurs(packet))
                continue;
            if (header->OriginalBytes > _roomBytes
                || header->CapturedBytes != header->OriginalBytes
                || !pool.TryTake(out uint chunk))
            {
                Counters.ReceiveInvalid++;
                continue;
            }

            packet.CopyTo(Store.Chunk(chunk)[FrameStore.Headroom..]);
            bytes += (uint)packet.Length;
            frames[kept++] = new Frame
            {
                Chunk = chunk,
                Offset = FrameStore.Headroom,
                Length = (uint)packet.Length,
                Port = Side,
                Worker = Worker,
            };
        }

        Counters.ReceivedFrames += (ulong)kept;
        Counters.ReceivedBytes += bytes;
        return kept;
    }

    /// <inheritdoc/>
    public override int Transmit(ReadOnlySpan<Frame> frames, FramePool pool)
    {
        int count = 0;
        for (; count < frames.Length && _handle != 0; count++)
        {
            ref readonly Frame frame = ref frames[count];
            Span<byte> packet = Store.Packet(frame);
            int sent;
            fixed (byte* data = packet)
                sent = LibPcap.pcap_inject(_handle, data, (nuint)packet.Length);
            if (sent < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (error is LibC.ErrorNoBufferSpace or LibC.ErrorAgain)
                    break;
                // Too long for the device, or the device is down: no other attempt would go better, so the frame counts
                // as taken and lost.
                Counters.TransmitFailed++;
            }

            Counters.TransmittedFrames++;
            Counters.TransmittedBytes += frame.Length;
            pool.Return(frame.Chunk);
        }

        Counters.TransmitRingFull += (ulong)(frames.Length - count);
        return count;
    }

    /// <inheritdoc/>
    public override void ReadStatistics()
    {
        LibPcap.Statistics statistics;
        if (_handle != 0 && LibPcap.pcap_stats(_handle, &statistics) == 0)
            Counters.ReceiveRingFull = statistics.Dropped;
    }

    /// <summary>Closes the device. The port holds no chunks between calls, so none go back.</summary>
    public override void Release(FramePool pool) => Close();

    /// <summary>
    /// Shares the device's frames with the other ports of a group, by flow (packet(7), PACKET_FANOUT).
    /// </summary>
    internal void JoinGroup(ushort group)
    {
        int value = group;
        if (LibC.setsockopt(_descriptor, SocketLevelPacket, OptionFanout, &value, sizeof(int)) != 0)
            throw new PortException($"{Name}: its frames can't be shared among workers: {SystemError.Last()}");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Close();
        base.Dispose(disposing);
    }

    private void Close()
    {
        if (_handle == 0)
            return;
        _handle = 0;
        _capture.Dispose();
    }
}
