using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Cgn.Control.Radius.Accounting;

/// <summary>
/// Records in the order in which they are to arrive: those of a session one after the other, those of different
/// sessions side by side. It is bounded, and outlives the process when it has a file.
/// </summary>
internal sealed class AccountingQueue : IDisposable
{
    private readonly int _max;
    private readonly int _rangeBytesMax;
    private readonly AccountingSpool? _spool;
    private readonly RadiusStatistics _statistics;
    private readonly LinkedList<AccountingEntry> _entries = [];
    private readonly Dictionary<string, LinkedListNode<AccountingEntry>> _interims = [];
    private readonly Dictionary<long, LinkedListNode<AccountingEntry>> _nodes = [];
    private readonly HashSet<string> _sending = [];
    private readonly Lock _gate = new();
    private long _lastNumber;

    /// <summary>Makes a queue and takes what its file holds.</summary>
    /// <param name="max">Records at most.</param>
    /// <param name="rangeBytesMax">Bytes that the ports of one record may take.</param>
    /// <param name="spool">The file, or null.</param>
    /// <param name="statistics">Where is counted.</param>
    public AccountingQueue(int max, int rangeBytesMax, AccountingSpool? spool, RadiusStatistics statistics)
    {
        _max = max;
        _rangeBytesMax = rangeBytesMax;
        _spool = spool;
        _statistics = statistics;
        foreach (AccountingEntry entry in spool?.Recovered ?? [])
        {
            _lastNumber = Math.Max(_lastNumber, entry.Number);
            _nodes[entry.Number] = _entries.AddLast(entry);
            statistics.Count(RadiusCounter.RecordsRecovered);
        }
    }

    /// <summary>Records that wait, those on their way included.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    /// <summary>Takes a record in. An interim record takes the place of one of its session that has not been sent yet
    /// (RFC 2869 §2.1), and takes over its ports.</summary>
    /// <returns>False when there is no room.</returns>
    public bool TryAdd(
        string session, AccountingStatus status, long unixSeconds, byte[] attributes, byte[] ranges)
    {
        lock (_gate)
        {
            bool isInterim = status == AccountingStatus.Interim;
            if (isInterim && _interims.TryGetValue(session, out LinkedListNode<AccountingEntry>? older)
                && older.Value.Ranges.Length + ranges.Length <= _rangeBytesMax)
            {
                ranges = [.. older.Value.Ranges.Span, .. ranges];
                Drop(older);
                _statistics.Count(RadiusCounter.RecordsSuperseded);
            }

            if (_entries.Count >= _max && (isInterim || !MakeRoom()))
            {
                _statistics.Count(RadiusCounter.RecordsLost);
                return false;
            }

            var entry = new AccountingEntry(++_lastNumber, session, status, unixSeconds, attributes, ranges);
            LinkedListNode<AccountingEntry> node = _entries.AddLast(entry);
            _nodes[entry.Number] = node;
            if (isInterim)
                _interims[session] = node;
            _spool?.Add(entry);
            return true;
        }
    }

    /// <summary>The next record that may be sent now, or null.</summary>
    public AccountingEntry? Take()
    {
        lock (_gate)
        {
            for (LinkedListNode<AccountingEntry>? node = _entries.First; node is not null; node = node.Next)
            {
                AccountingEntry entry = node.Value;
                if (entry.IsBarrier && (entry.IsSending || node.Previous is not null))
                    return null;
                if (entry.IsSending || !_sending.Add(entry.Session))
                    continue;
                entry.IsSending = true;
                if (_interims.GetValueOrDefault(entry.Session) == node)
                    _interims.Remove(entry.Session);
                return entry;
            }

            return null;
        }
    }

    /// <summary>A record has been acknowledged.</summary>
    public void Done(AccountingEntry entry)
    {
        lock (_gate)
        {
            _sending.Remove(entry.Session);
            if (_nodes.TryGetValue(entry.Number, out LinkedListNode<AccountingEntry>? node))
                Drop(node);
        }
    }

    /// <summary>A record has not been acknowledged: it stays, in its place.</summary>
    public void Return(AccountingEntry entry)
    {
        lock (_gate)
        {
            _sending.Remove(entry.Session);
            entry.IsSending = false;
        }
    }

    /// <summary>Closes the file; what waits stays in it.</summary>
    public void Dispose()
    {
        lock (_gate)
            _spool?.Dispose();
    }

    // Interim records are the ones that a later one makes up for.
    private bool MakeRoom()
    {
        if (_interims.Count == 0)
            return false;
        Drop(_interims.Values.First());
        _statistics.Count(RadiusCounter.RecordsLost);
        return true;
    }

    private void Drop(LinkedListNode<AccountingEntry> node)
    {
        AccountingEntry entry = node.Value;
        _entries.Remove(node);
        _nodes.Remove(entry.Number);
        if (_interims.GetValueOrDefault(entry.Session) == node)
            _interims.Remove(entry.Session);
        _spool?.Remove(entry, _entries);
    }
}
