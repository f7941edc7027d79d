using System;
using System.Collections.Generic;
using System.Threading;

using Cgn.Control.Api.Problems;
using Cgn.Control.Api.Resources;
using Cgn.Control.Hosting;
using Cgn.Control.State;
using Cgn.Memory.Arenas;
using Cgn.Memory.Tables;

namespace Cgn.Control.Api.Records;

/// <summary>
/// Goes through the records of a running gateway, a slice at a time, so that nobody else who reads the state waits for
/// long, and a bounded number of them for a request, so that no request does much work.
/// </summary>
internal sealed class RecordWalk(GatewayAttachment attachment)
{
    /// <summary>Records looked at under one lock: a fraction of a millisecond as a rule.</summary>
    private const int SliceRecords = 32 * 1024;

    /// <summary>Records that a request looks at, unless it must find one thing: some tens of milliseconds.</summary>
    public int Budget { get; init; } = 8 << 20;

    /// <summary>Makes something of a live record; null passes it over.</summary>
    internal delegate T? Reader<TRecord, T>(ReadMoment moment, int shard, uint number, in TRecord record)
        where T : class;

    /// <summary>Reads a page.</summary>
    /// <param name="from">Where to begin.</param>
    /// <param name="limit">Items at most.</param>
    /// <param name="table">Which records.</param>
    /// <param name="read">What to make of them.</param>
    /// <param name="cancellation">Whoever asked has gone.</param>
    /// <exception cref="ApiProblem">There is no forwarder.</exception>
    public Page<T> Page<TRecord, T>(
        RecordCursor from, int limit, Func<ShardView, NativeArray<TRecord>> table, Reader<TRecord, T> read,
        CancellationToken cancellation)
        where TRecord : unmanaged, ISlabRecord
        where T : class
    {
        var found = new List<T>(Math.Min(limit, 256));
        RecordCursor? at = Walk(from, limit, Budget, table, read, found, cancellation);
        return new Page<T>(found, at?.ToString());
    }

    /// <summary>Finds the first that is read as something, however far that is.</summary>
    public T? Find<TRecord, T>(
        Func<ShardView, NativeArray<TRecord>> table, Reader<TRecord, T> read, CancellationToken cancellation)
        where TRecord : unmanaged, ISlabRecord
        where T : class
    {
        var found = new List<T>(1);
        Walk(RecordCursor.Start, 1, long.MaxValue, table, read, found, cancellation);
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>Visits every record, for sums.</summary>
    public void All<TRecord>(
        Func<ShardView, NativeArray<TRecord>> table, Action<ReadMoment, int, uint, TRecord> visit,
        CancellationToken cancellation)
        where TRecord : unmanaged, ISlabRecord => Walk<TRecord, object>(
            RecordCursor.Start, int.MaxValue, long.MaxValue, table,
            (ReadMoment moment, int shard, uint number, in TRecord record) =>
            {
                visit(moment, shard, number, record);
                return null;
            },
            [], cancellation);

    /// <summary>Reads something that is no table.</summary>
    public T Read<T>(Func<ReadMoment, T> read)
        where T : class => attachment.Read(view => read(new ReadMoment(view))) ?? throw ApiProblem.NoForwarder();

    // Where to go on, or null at the end.
    private RecordCursor? Walk<TRecord, T>(
        RecordCursor from, int limit, long budget, Func<ShardView, NativeArray<TRecord>> table,
        Reader<TRecord, T> read, List<T> found, CancellationToken cancellation)
        where TRecord : unmanaged, ISlabRecord
        where T : class
    {
        RecordCursor? at = from;
        while (at is { } place && found.Count < limit && budget > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            int slice = (int)Math.Min(budget, SliceRecords);
            budget -= slice;
            at = Read(moment => new Step(Slice(moment, place, slice, limit, table, read, found))).Next;
        }

        return at;
    }

    private static RecordCursor? Slice<TRecord, T>(
        ReadMoment moment, RecordCursor from, int records, int limit, Func<ShardView, NativeArray<TRecord>> table,
        Reader<TRecord, T> read, List<T> found)
        where TRecord : unmanaged, ISlabRecord
        where T : class
    {
        ShardView[] shards = moment.View.Shards;
        uint number = from.Number;
        for (int shard = from.Shard; shard < shards.Length; shard++, number = 1)
        {
            NativeArray<TRecord> places = table(shards[shard]);
            for (; number < places.Length; number++)
            {
                if (records-- == 0 || found.Count == limit)
                    return new RecordCursor(shard, number);
                // A copy: the record may change hands while it is read, and is then neither one nor the other.
                if (places[number].IsLive && places[number] is var record
                    && read(moment, shard, number, record) is { } item)
                    found.Add(item);
            }
        }

        return null;
    }

    private sealed record Step(RecordCursor? Next);
}
