using System;
using System.Threading;

namespace Cgn.Control.Api.Security;

/// <summary>
/// Writes one line a second at most of what strangers can cause as often as they like. Of what comes in the second
/// after a line, the last gets a line at its end, with the number of those that got none.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class LineLimit(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private ITimer? _timer;
    private Action<long>? _last;
    private long _waiting;
    private bool _isClosed;

    /// <summary>Writes a line, now or later, unless another takes its place.</summary>
    /// <param name="line">Writes it, by how many were left out before it; on any thread.</param>
    public void Write(Action<long> line)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                _last = line;
                _waiting++;
                return;
            }

            Close();
        }

        line(0);
    }

    /// <summary>Writes what waits.</summary>
    public void Dispose()
    {
        Flush(isEnd: true);
        _timer?.Dispose();
    }

    private void Close()
    {
        _isClosed = true;
        if (_timer is null)
            _timer = time.CreateTimer(_ => Flush(isEnd: false), null, s_window, Timeout.InfiniteTimeSpan);
        else
            _timer.Change(s_window, Timeout.InfiniteTimeSpan);
    }

    private void Flush(bool isEnd)
    {
        Action<long>? line;
        long leftOut;
        lock (_gate)
        {
            (line, leftOut) = (_last, _waiting - 1);
            (_last, _waiting) = (null, 0);
            if (line is not null && !isEnd)
                Close();
            else
                _isClosed = false;
        }

        line?.Invoke(leftOut);
    }
}
