using System.Threading;

using Xunit;

namespace Cgn.Ports.Tests;

/// <summary>Nobody sleeps while something has been left for him.</summary>
public sealed class BellTests
{
    private const int LongMs = 30_000;

    [Fact]
    public void Whoever_sleeps_is_woken()
    {
        using Bell bell = new();
        PortWaiter waiter = new([], bell.Descriptor);
        for (int i = 0; i < 100; i++)
        {
            bell.Await();
            Thread other = new(bell.Ring);
            other.Start();
            Assert.True(waiter.Wait(LongMs));
            bell.Answer(isWoken: true);
            other.Join();
            Assert.False(waiter.Wait(0), "it rings on");
        }
    }

    [Fact]
    public void Whoever_is_awake_hears_nothing_and_a_ring_before_the_sleep_is_not_lost()
    {
        using Bell bell = new();
        PortWaiter waiter = new([], bell.Descriptor);
        bell.Ring();
        Assert.False(waiter.Wait(0));
        bell.Await();
        bell.Ring();
        bell.Ring();
        Assert.True(waiter.Wait(LongMs));
        bell.Answer(isWoken: true);
        Assert.False(waiter.Wait(0));
    }

    [Fact]
    public void Two_threads_that_leave_work_for_each_other_never_wait_for_a_sleep_to_end()
    {
        const int Rounds = 20_000;
        using Bell mine = new();
        using Bell yours = new();
        int left = 0;
        bool isLate = false;
        Thread you = new(() => Pass(yours, mine, odd: true));
        you.Start();
        Pass(mine, yours, odd: false);
        you.Join();
        Assert.False(isLate, "a ring was lost: a sleep ended by its time");
        Assert.Equal(2 * Rounds, left);

        void Pass(Bell own, Bell other, bool odd)
        {
            PortWaiter waiter = new([], own.Descriptor);
            for (int i = 0; i < Rounds; i++)
            {
                while ((Volatile.Read(ref left) & 1) != (odd ? 1 : 0) && !Volatile.Read(ref isLate))
                {
                    own.Await();
                    bool isThere = (Volatile.Read(ref left) & 1) == (odd ? 1 : 0);
                    bool isWoken = isThere || waiter.Wait(LongMs);
                    own.Answer(isWoken);
                    if (!isWoken)
                        Volatile.Write(ref isLate, true);
                }

                Interlocked.Increment(ref left);
                other.Ring();
            }
        }
    }
}
