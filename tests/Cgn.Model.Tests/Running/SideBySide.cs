using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Events;
using Cgn.Contract.Settings;
using Cgn.Forwarder;
using Cgn.Memory.Frames;
using Cgn.Model.Tests.Nat;
using Cgn.Model.Tests.Traffic;

namespace Cgn.Model.Tests.Running;

/// <summary>The gateway and the model, given the same frames at the same times.</summary>
internal sealed class SideBySide : IDisposable
{
    private const int ChunkBytes = 4096;
    private const int Chunks = 1024;
    private const long StartNs = 1_000_000_000;

    private static readonly int[] s_pausesMs =
    [
        1, 50, 100, 900, 1000, 1900, 2000, 2100, 3000, 5000, 6000, 9900, 10000, 10100, 30000, 59900, 60000, 60200,
        119000, 120000, 121000, 239900, 240000, 240200, 299900, 300000, 300200, 600000, 1800000, 1801000, 7439000,
        7440000, 7440200, 90000000, 1, 1, 5, 5, 10, 20,
    ];

    private readonly SimulatedGateway _gateway;
    private readonly GatewayChoices _choices;
    private readonly ModelNat _model;
    private readonly Maker _maker;
    private readonly FrameComparison _frames = new();
    private readonly TableComparison _tables;
    private readonly ModelConfig _config;
    private readonly Func<byte[], byte[]>? _tamper;
    private readonly Coverage? _coverage;
    private readonly byte[] _buffer = new byte[ChunkBytes];
    private readonly ForwarderEvent[] _events = new ForwarderEvent[256];
    private long _now = StartNs;

    /// <param name="config">The configuration of both.</param>
    /// <param name="coverage">Where to count what was reached.</param>
    /// <param name="tamper">Changes what leaves the gateway, to see that it is noticed.</param>
    /// <param name="modelConfig">Another configuration for the model, to see that it is noticed.</param>
    public SideBySide(
        ModelConfig config, Coverage? coverage = null, Func<byte[], byte[]>? tamper = null,
        ModelConfig? modelConfig = null)
    {
        ConfigSnapshot snapshot = config.Snapshot();
        _config = config;
        _coverage = coverage;
        _tamper = tamper;
        _gateway = new SimulatedGateway(snapshot, ChunkBytes, Chunks);
        _choices = new GatewayChoices(_gateway, config, () => Tick.At(_now));
        _model = new ModelNat((modelConfig ?? config).Snapshot(), _choices, _now);
        _maker = new Maker(config, _model);
        _tables = new TableComparison(_gateway, _model, snapshot);
        Turn();
    }

    public void Run(Operation operation, bool compareTables)
    {
        _now += operation.Kind == OperationKind.Wait
            ? s_pausesMs[operation[Field.Time] % s_pausesMs.Length] * 1_000_000L
            : 1_000_000;
        _model.SetTime(_now);
        if (!_config.IsLazy)
        {
            Turn();
            Check(_model.Sweep(), "while time passed", anyOrder: true);
        }

        foreach ((byte side, byte[] frame) in _maker.Frames(operation))
            Give(side, frame, operation[Field.Worker] % _config.Shards);
        _tables.CompareCounters();
        if (compareTables && (!_config.IsLazy || operation.Kind != OperationKind.Wait))
            _tables.CompareTables();
        _coverage?.Count(_model);
    }

    public void Finish()
    {
        Turn();
        Check(_model.Sweep(), "at the end", anyOrder: true);
        _tables.CompareCounters();
        _tables.CompareTables();
        _coverage?.Add(_gateway, _model);
        if (_gateway.LeakedChunks != 0 && _gateway.Counter(Contract.Counting.CounterId.Held) == 0)
            throw new ModelException($"{_gateway.LeakedChunks} chunks leaked");
    }

    public void Dispose() => _gateway.Dispose();

    private void Give(byte side, byte[] frame, int worker)
    {
        if (!_gateway.Inject(side == ModelNat.Inside ? FramePort.Inside : FramePort.Outside, frame, worker))
            throw new ModelException("no frame is free");
        Turn();
        List<Expected> expected = _model.Handle(side, frame);
        List<Expected> overdue = _model.Sweep();
        expected.AddRange(overdue);
        Check(
            expected, side == ModelNat.Inside ? "after a frame from inside" : "after a frame from outside",
            anyOrder: overdue.Count != 0);
        _coverage?.Packets(1, 0);
    }

    // What leaves because of the time alone, does so in any order.
    private void Check(List<Expected> expected, string when, bool anyOrder = false)
    {
        List<byte[]> inside = Collect(FramePort.Inside);
        List<byte[]> outside = Collect(FramePort.Outside);
        if (anyOrder)
        {
            expected = [.. expected.OrderBy(e => Key(e.Frame))];
            inside = [.. inside.OrderBy(Key)];
            outside = [.. outside.OrderBy(Key)];
        }

        _frames.Compare([.. expected.Where(e => e.Side == ModelNat.Inside)], inside, $"inside {when}");
        _frames.Compare([.. expected.Where(e => e.Side == ModelNat.Outside)], outside, $"outside {when}");
        foreach (byte[] left in inside)
            _maker.Saw(ModelNat.Inside, left);
        foreach (byte[] left in outside)
            _maker.Saw(ModelNat.Outside, left);
        _coverage?.Packets(0, inside.Count + outside.Count);
    }

    // Without the flow label.
    private static string Key(byte[] frame) => Convert.ToHexString(frame.AsSpan(18));

    private void Turn()
    {
        WorkerTime now = new(_now, 1_700_000_000_000 + (_now / 1_000_000));
        _gateway.Run(now);
        for (int shard = 0; shard < _gateway.ShardCount; shard++)
        {
            // All that is due ends at once, so that the model need not know how far a sweep has come.
            _gateway.Shard(shard).Sweep(now, int.MaxValue);
            _gateway.Shard(shard).Sweep(now, int.MaxValue);
            // A full ring would have the gateway refuse blocks.
            for (int count = 1; count != 0;)
            {
                count = _gateway.ReadEvents(shard, _events);
                _choices.Told(_events.AsSpan(0, count));
            }
        }
    }

    private List<byte[]> Collect(byte side)
    {
        List<byte[]> frames = [];
        while (_gateway.TryCollect(side, _buffer, out int length))
        {
            byte[] frame = _buffer[..length];
            frames.Add(_tamper?.Invoke(frame) ?? frame);
        }

        return frames;
    }
}
