using System;

using Cgn.Wire;

namespace Cgn.Cli.Bench.Traffic;

/// <summary>
/// Notes the external endpoint of each packet that leaves outside: cheap enough to be part of the measurement of
/// set-up.
/// </summary>
internal sealed class MappingLearner : FrameInspector
{
    private readonly MappingBook _book;
    private readonly byte _worker;

    /// <summary>Makes one for the outside port of a worker.</summary>
    public MappingLearner(MappingBook book, byte worker)
    {
        _book = book;
        _worker = worker;
    }

    /// <inheritdoc/>
    protected override string? Look(ReadOnlySpan<byte> frame)
    {
        ReadOnlySpan<byte> packet = frame[FrameLayout.LinkBytes..];
        uint number = NetworkOrder.Read32(packet, FrameLayout.NumberAt);
        return _book.TryNote(number, NetworkOrder.Read32(packet, 12), NetworkOrder.Read16(packet, 20), _worker)
            ? null
            : $"outside: a packet with the number {number}, of which there are {_book.Length}";
    }
}
