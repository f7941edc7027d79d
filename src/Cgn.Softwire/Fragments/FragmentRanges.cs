using System.Runtime.CompilerServices;

namespace Cgn.Softwire;

/// <summary>
/// Which parts of a datagram have been seen, in order and without overlap (the holes of RFC 815, seen from the other
/// side). Up to <see cref="Places"/> ranges are kept as they came, so that duplicates are told from overlaps; beyond
/// that neighbours are joined.
/// </summary>
internal struct FragmentRanges
{
    /// <summary>Ranges kept: 16 fragments of a 1,500-byte path are 23 KiB.</summary>
    public const int Places = 16;

    private Row _row;
    private int _count;
    private uint _joined;
    private int _covered;
    private int _total;

    /// <summary>The last fragment has been seen, and no byte before it is missing.</summary>
    public readonly bool IsComplete => _total != 0 && _covered == _total;

    /// <summary>Bytes of the whole, or 0 while the last fragment has not been seen.</summary>
    public readonly int Total => _total;

    /// <summary>Records a fragment.</summary>
    /// <param name="start">First byte.</param>
    /// <param name="end">First byte after it, above <paramref name="start"/> and up to 65,535.</param>
    /// <param name="last">No fragment follows this one.</param>
    public RangeVerdict Add(int start, int end, bool last)
    {
        int highest = _count == 0 ? 0 : _row[_count - 1].End;
        if (last ? highest > end || (_total != 0 && _total != end) : _total != 0 && end > _total)
            return RangeVerdict.Overlap;
        int at = 0;
        while (at < _count && _row[at].End <= start)
            at++;
        if (at < _count && _row[at].Start < end)
            return Collide(at, start, end, last);
        if (_count == Places && !JoinNeighbours(ref at))
        {
            if (!Extend(at, start, end))
                return RangeVerdict.Full;
        }
        else
        {
            Insert(at, start, end);
        }

        _covered += end - start;
        if (last)
            _total = end;
        return RangeVerdict.New;
    }

    private readonly RangeVerdict Collide(int at, int start, int end, bool last)
    {
        FragmentRange range = _row[at];
        bool joined = (_joined >> at & 1) != 0;
        if (joined)
            return start >= range.Start && end <= range.End ? RangeVerdict.Contained : RangeVerdict.Overlap;
        // The same bytes once as the last fragment and once not: no duplicate.
        bool same = range.Start == start && range.End == end && last == (_total == end);
        return same ? RangeVerdict.Duplicate : RangeVerdict.Overlap;
    }

    private void Insert(int at, int start, int end)
    {
        for (int i = _count; i > at; i--)
            _row[i] = _row[i - 1];
        uint below = (1u << at) - 1;
        _joined = (_joined & below) | ((_joined & ~below) << 1);
        _row[at] = new FragmentRange { Start = (ushort)start, End = (ushort)end };
        _count++;
    }

    /// <summary>Makes a place by joining two touching ranges, those with the headers last; false when none
    /// touch.</summary>
    private bool JoinNeighbours(ref int at)
    {
        for (int i = _count - 2; i >= 0; i--)
        {
            if (_row[i].End != _row[i + 1].Start)
                continue;
            _row[i].End = _row[i + 1].End;
            for (int j = i + 1; j < _count - 1; j++)
                _row[j] = _row[j + 1];
            uint upTo = (2u << i) - 1;
            _joined = (_joined & upTo) | (1u << i) | ((_joined & ~(2u << i)) >> 1 & ~upTo);
            _count--;
            if (at > i)
                at--;
            return true;
        }

        return false;
    }

    private bool Extend(int at, int start, int end)
    {
        if (at > 0 && _row[at - 1].End == start)
            _row[--at].End = (ushort)end;
        else if (at < _count && _row[at].Start == end)
            _row[at].Start = (ushort)start;
        else
            return false;
        _joined |= 1u << at;
        return true;
    }

    [InlineArray(Places)]
    private struct Row
    {
        private FragmentRange _first;
    }
}
