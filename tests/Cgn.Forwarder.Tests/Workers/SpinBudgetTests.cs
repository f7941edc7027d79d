using Cgn.Forwarder.Workers;

using Xunit;

namespace Cgn.Forwarder.Tests.Workers;

/// <summary>How long a worker goes on looking before it sleeps.</summary>
public sealed class SpinBudgetTests
{
    private const long Long = SpinBudget.ShortSleepNs;

    [Fact]
    public void A_worker_sleeps_after_its_turns_without_frames_and_not_before()
    {
        SpinBudget spin = new();
        for (int i = 0; i < SpinBudget.Most; i++)
            Assert.False(spin.Missed());
        Assert.True(spin.Missed());
    }

    [Fact]
    public void An_idle_worker_goes_back_to_sleep_at_once()
    {
        SpinBudget spin = new();
        while (!spin.Missed())
        {
        }

        // The sleep ended by itself: nothing found, nothing learnt.
        Assert.True(spin.Missed());
        Assert.Equal(SpinBudget.Most, spin.Turns);
    }

    [Fact]
    public void Frames_that_come_as_soon_as_it_sleeps_make_it_sleep_sooner()
    {
        SpinBudget spin = new();
        for (int i = 0; i < 20; i++)
        {
            while (!spin.Missed())
            {
            }

            spin.Woken(SpinBudget.ShortSleepNs - 1);
            spin.Found();
        }

        Assert.Equal(SpinBudget.Least, spin.Turns);
        Assert.False(spin.Missed());
        Assert.True(spin.Missed());
    }

    [Fact]
    public void Frames_found_by_looking_or_there_before_the_sleep_make_it_look_longer()
    {
        SpinBudget spin = Shortened();
        Assert.False(spin.Missed());
        spin.Found();
        Assert.Equal(2 * SpinBudget.Least, spin.Turns);
        spin.Woken(SpinBudget.NoSleepNs - 1);
        Assert.Equal(4 * SpinBudget.Least, spin.Turns);
        for (int i = 0; i < 20; i++)
            spin.Woken(0);
        Assert.Equal(SpinBudget.Most, spin.Turns);
    }

    [Fact]
    public void A_long_sleep_and_a_busy_worker_change_nothing()
    {
        SpinBudget spin = Shortened();
        spin.Woken(Long);
        spin.Found();
        spin.Found();
        Assert.Equal(SpinBudget.Least, spin.Turns);
        Assert.False(spin.Missed());
    }

    private static SpinBudget Shortened()
    {
        SpinBudget spin = new();
        for (int i = 0; i < 20; i++)
            spin.Woken(SpinBudget.NoSleepNs);
        Assert.Equal(SpinBudget.Least, spin.Turns);
        return spin;
    }
}
