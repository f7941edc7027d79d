using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Settings;
using Cgn.Forwarder;
using Cgn.Memory.Frames;
using Cgn.Wire;

namespace Cgn.Fuzz.Targets;

/// <summary>
/// The whole gateway between two hostile networks: whatever comes, every frame is accounted for, no chunk leaks, and
/// nothing is written outside the frames in use. The first byte of an input is how to send it, the rest is the frame.
/// </summary>
public sealed class GatewayTarget : IDisposable
{
    // The first byte of an input.
    private const byte Outside = 1;
    private const byte OtherWorker = 2;
    private const byte MendChecksums = 4;
    private const byte TurnRound = 8; // not this frame but the last that left, sent back, bent by these bytes
    private const int PauseShift = 4;
    private const int PauseMask = 7;
    private const byte Report = 128; // an ICMP or ICMPv6 error about the last frame that left, bent likewise

    private const int Chunks = 256;
    private const int Shards = 2;
    private const byte Canary = 0xA5;
    // What the gateway may write behind a frame's end: an answer quotes and wraps it.
    private const int LargestAddition = 256;

    private static readonly long[] s_pausesNs =
        [0, 1_000, 1_000_000, 100_000_000, 1_000_000_000, 3_000_000_000, 130_000_000_000, 8_000_000_000_000];

    private readonly SimulatedGateway _gateway = new(Snapshot(), FrameStore.LiveChunkBytes, Chunks);
    private readonly FrameStore _store;
    private readonly byte[] _buffer = new byte[FrameStore.LiveChunkBytes];
    private readonly ForwarderEvent[] _events = new ForwarderEvent[256];
    private byte[] _lastOut = [];
    private byte _lastSide;
    private long _nowNs = 1_000_000_000;
    private long _split;
    private bool _heldBefore;

    /// <summary>Makes an idle gateway.</summary>
    public GatewayTarget()
    {
        _store = _gateway.Worker(0).State.Store;
        for (uint chunk = 0; chunk < Chunks; chunk++)
            _store.Chunk(chunk).Fill(Canary);
    }

    /// <summary>Right frames, each sent in several ways.</summary>
    public static byte[][] Seeds(IEnumerable<byte[]> frames) =>
        [.. from frame in frames
            from how in new byte[]
            {
                0, MendChecksums, MendChecksums | Outside, MendChecksums | OtherWorker | (3 << PauseShift),
            }
            select (byte[])[how, .. frame],
         .. from how in new byte[] { TurnRound, TurnRound | MendChecksums, TurnRound | MendChecksums | OtherWorker }
            from offset in new byte[] { 14, 20, 22, 34, 46, 54, 60 }
            select (byte[])[how, offset, 0],
         .. from how in new byte[] { Report, Report | OtherWorker }
            from type in new byte[] { 1, 2, 3, 4, 11, 12 }
            select (byte[])[how, type, 0, 0, 0, 5, 0x78, 0, 0]];

    /// <summary>Sends one input through and checks what must always hold.</summary>
    public void Fuzz(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
            return;
        byte how = input[0];
        byte side = (how & Outside) != 0 ? FramePort.Outside : FramePort.Inside;
        byte[] frame = input[1..].ToArray();
        if ((how & Report) != 0)
        {
            frame = FrameBender.Report(_lastOut, frame);
            side = _lastSide;
        }
        else if ((how & TurnRound) != 0)
        {
            frame = FrameBender.Bend(FrameBender.TurnRound(_lastOut), frame);
            side = _lastSide;
        }

        if (frame.Length > FrameStore.LiveChunkBytes - FrameStore.Headroom)
            frame = frame[..(FrameStore.LiveChunkBytes - FrameStore.Headroom)];
        if ((how & MendChecksums) != 0)
            FrameBender.MendChecksums(frame);
        _nowNs += s_pausesNs[(how >> PauseShift) & PauseMask];
        if (!_gateway.Inject(side, frame, (how & OtherWorker) != 0 ? 1 : 0))
            throw new InvalidOperationException("no frame is free, though all have come back");
        _gateway.Run(new WorkerTime(_nowNs, 1_700_000_000_000 + (_nowNs / 1_000_000)));
        Collect();
        Check(frame.Length);
    }

    /// <summary>The gateway, to see how far inputs got.</summary>
    public SimulatedGateway Gateway => _gateway;

    /// <summary>Ends the gateway.</summary>
    public void Dispose() => _gateway.Dispose();

    private void Collect()
    {
        foreach (byte side in (ReadOnlySpan<byte>)[FramePort.Inside, FramePort.Outside])
        {
            while (_gateway.TryCollect(side, _buffer, out int length))
            {
                _lastOut = _buffer.AsSpan(0, length).ToArray();
                _lastSide = side;
            }
        }

        // A full ring would make the gateway refuse blocks, and there would be less to try.
        for (int shard = 0; shard < Shards; shard++)
        {
            while (_gateway.ReadEvents(shard, _events) == _events.Length)
            {
                // All that there is.
            }
        }
    }

    private void Check(int lengthBytes)
    {
        if (_gateway.Unaccounted != 0)
            throw new InvalidOperationException($"{_gateway.Unaccounted} frames unaccounted for");
        // Pieces of a packet that is put together share a chunk, so while some are held there may be more chunks than
        // that.
        long held = _gateway.Counter(CounterId.Held);
        if (_gateway.LeakedChunks > 0 || _gateway.LeakedChunks < -held)
            throw new InvalidOperationException($"{_gateway.LeakedChunks} chunks leaked");
        long split = _gateway.Counter(CounterId.Split);
        // What fragments that waited have left in their chunks is no fault of this input: cleaned, not judged.
        if (held == 0)
            CheckCanaries(lengthBytes, 1 + split - _split, judge: !_heldBefore);
        _heldBefore = held != 0;
        _split = split;
    }

    // All chunks are free: only those that this input used may differ, and only near the frame in them.
    private void CheckCanaries(int lengthBytes, long usedMax, bool judge)
    {
        int used = 0;
        for (uint chunk = 0; chunk < Chunks; chunk++)
        {
            Span<byte> bytes = _store.Chunk(chunk);
            int last = bytes.LastIndexOfAnyExcept(Canary);
            if (last < 0)
                continue;
            used++;
            if (judge && last >= FrameStore.Headroom + lengthBytes + LargestAddition)
            {
                throw new InvalidOperationException(
                    $"byte {last} of a chunk written for a frame of {lengthBytes} bytes");
            }

            bytes.Fill(Canary);
        }

        if (judge && used > usedMax)
            throw new InvalidOperationException($"{used} chunks written for an input that may use {usedMax}");
    }

    private static ConfigSnapshot Snapshot() => new()
    {
        Settings = new GatewaySettings
        {
            ShardCount = Shards,
            SubscriberCapacity = 64,
            MappingCapacity = 512,
            SessionCapacity = 512,
            DefaultPlan = 0,
        },
        AftrAddresses = [Prefix("2001:db8:ffff::1", 128)],
        SoftwireSources = [Prefix("2001:db8::", 32)],
        Nat444Sources = [new Ipv4PrefixSetting(0x64400000, 10), new Ipv4PrefixSetting(0x0A000000, 8)],
        Pools = [new PoolSettings("fuzz", [new Ipv4PrefixSetting(0xCB007100, 30)], 1024, 65535, 64, 1200)],
        Plans = [new PlanSettings("fuzz", 100_000_000, 100_000_000, 4, 100, 1000)],
    };

    private static Ipv6PrefixSetting Prefix(string address, byte length)
    {
        Ipv6Address parsed = Ipv6Address.Parse(address);
        return new Ipv6PrefixSetting(parsed.High, parsed.Low, length);
    }
}
