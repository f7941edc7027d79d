using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Forwarder.Workers;
using Cgn.Memory.Arenas;

using Xunit;

namespace Cgn.Forwarder.Tests.Workers;

/// <summary>Frames between workers that died.</summary>
public sealed class LostHandoffsTests
{
    [Fact]
    public void Frames_that_nobody_received_are_counted_as_dropped()
    {
        using Arena arena = Arena.Private();
        CounterBlock[] workers =
        [
            new(arena.Take("one", CounterBlock.SizeBytes)), new(arena.Take("two", CounterBlock.SizeBytes)),
        ];
        workers[0][CounterId.Received] = 5;
        workers[0][CounterId.HandoffsSent] = 5;
        workers[1][CounterId.HandoffsReceived] = 3;
        workers[1][CounterId.Transmitted] = 3;

        LostHandoffs.Count(workers);

        Assert.Equal(2, workers[0][DropReason.Restart]);
        Assert.Equal((0, 0), (workers[0].Unaccounted(), workers[1].Unaccounted()));
    }
}
