using System;
using System.Net;

using Cgn.Control.Api.Security;

using Xunit;

namespace Cgn.Control.Tests.Api;

/// <summary>Who has guessed too often has to wait, and nobody else.</summary>
public class FailureGateTests
{
    private static readonly IPAddress s_guesser = IPAddress.Parse("192.0.2.1");

    [Fact]
    public void It_closes_after_so_many_failures_and_opens_when_the_time_has_passed()
    {
        var time = new Stopwatch();
        var gate = new FailureGate(time) { FailuresMax = 3, Window = TimeSpan.FromSeconds(60) };
        for (int i = 0; i < 3; i++)
        {
            Assert.False(gate.IsClosed(s_guesser, out _));
            gate.Fail(s_guesser);
        }

        Assert.True(gate.IsClosed(s_guesser, out int seconds));
        Assert.Equal(60, seconds);
        Assert.False(gate.IsClosed(IPAddress.Loopback, out _));
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.True(gate.IsClosed(s_guesser, out seconds));
        Assert.Equal(1, seconds);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(gate.IsClosed(s_guesser, out _));
        Assert.Equal(3, gate.Total);
    }

    [Fact]
    public void Failures_long_ago_do_not_count_and_many_addresses_take_no_more_memory()
    {
        var time = new Stopwatch();
        var gate = new FailureGate(time) { FailuresMax = 2 };
        gate.Fail(s_guesser);
        time.Advance(TimeSpan.FromSeconds(61));
        gate.Fail(s_guesser);
        Assert.False(gate.IsClosed(s_guesser, out _));
        gate.Fail(s_guesser);
        Assert.True(gate.IsClosed(s_guesser, out _));
        for (uint i = 0; i < 5000; i++)
            gate.Fail(new IPAddress(BitConverter.GetBytes(i)));
        Assert.False(gate.IsClosed(s_guesser, out _));
    }

    /// <summary>A clock that goes when it is told to.</summary>
    private sealed class Stopwatch : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
