using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Control.Api.Security;

using Xunit;

namespace Cgn.Control.Tests.Api;

/// <summary>One line a second, and none that is not counted.</summary>
public class LineLimitTests
{
    private readonly List<(string Line, long LeftOut)> _written = [];
    private readonly Clock _clock = new();

    [Fact]
    public void The_first_is_written_at_once_and_of_the_rest_the_last_with_a_count()
    {
        using var limit = new LineLimit(_clock);
        foreach (string line in (string[])["a", "b", "c", "d"])
            Write(limit, line);
        Assert.Equal([("a", 0)], _written);
        _clock.Ring();
        Assert.Equal([("a", 0), ("d", 2)], _written);

        // Nothing came, so the next is written at once.
        _clock.Ring();
        Write(limit, "e");
        Assert.Equal(("e", 0), _written[^1]);
    }

    [Fact]
    public void A_flood_gets_a_line_for_each_second()
    {
        using var limit = new LineLimit(_clock);
        Write(limit, "first");
        for (int second = 0; second < 3; second++)
        {
            for (int i = 0; i < 1000; i++)
                Write(limit, $"{second}");
            _clock.Ring();
        }

        Assert.Equal([("first", 0), ("0", 999), ("1", 999), ("2", 999)], _written);
    }

    [Fact]
    public void What_waits_at_the_end_is_written_then()
    {
        var limit = new LineLimit(_clock);
        foreach (string line in (string[])["a", "b", "c"])
            Write(limit, line);
        limit.Dispose();
        Assert.Equal([("a", 0), ("c", 1)], _written);
    }

    private void Write(LineLimit limit, string line) => limit.Write(leftOut => _written.Add((line, leftOut)));

    /// <summary>A clock whose one timer rings when it is told to.</summary>
    private sealed class Clock : TimeProvider
    {
        private Action? _ring;
        private bool _isSet;

        public void Ring()
        {
            if (!_isSet)
                return;
            _isSet = false;
            _ring!();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _ring = () => callback(state);
            return new Bell(this, dueTime);
        }

        private void Set(TimeSpan dueTime)
        {
            Assert.Equal(TimeSpan.FromSeconds(1), dueTime);
            _isSet = true;
        }

        private sealed class Bell : ITimer
        {
            private readonly Clock _clock;

            public Bell(Clock clock, TimeSpan dueTime) => (_clock = clock).Set(dueTime);

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                _clock.Set(dueTime);
                return true;
            }

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
