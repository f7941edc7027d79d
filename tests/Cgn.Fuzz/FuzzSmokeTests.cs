using System;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Fuzz.Targets;

using Xunit;

namespace Cgn.Fuzz;

/// <summary>
/// Each target runs for a while with every build, so that none rots; CGN_LONG=1 makes it a long while.
/// </summary>
public sealed class FuzzSmokeTests
{
    private const int LongFactor = 50;

    public static TheoryData<string> Names { get; } = [.. FuzzTargets.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Bent_inputs_are_survived(string name)
    {
        FuzzTarget target = FuzzTargets.All[name];
        bool isLong = Environment.GetEnvironmentVariable("CGN_LONG") == "1";
        FuzzDriver.Run(target, seed: 20_260_101, target.SmokeCount * (isLong ? LongFactor : 1L));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Right_inputs_are_survived(string name)
    {
        FuzzTarget target = FuzzTargets.All[name];
        FuzzAction action = target.Make();
        foreach (byte[] seed in target.Seeds)
            action(seed);
    }

    [Fact]
    public void Inputs_get_through_the_gateway_and_are_refused_for_many_reasons()
    {
        using GatewayTarget target = new();
        Mutator mutator = new(FuzzTargets.All["gateway"].Seeds, seed: 3);
        for (int i = 0; i < 100_000; i++)
            target.Fuzz(mutator.Next());

        CounterId[] ways =
        [
            CounterId.OutboundPacketsDsLite, CounterId.InboundPacketsDsLite, CounterId.OutboundPacketsNat444,
            CounterId.InboundPacketsNat444, CounterId.SessionsCreatedUdp, CounterId.SessionsCreatedTcp,
            CounterId.SessionsCreatedIcmp, CounterId.SessionsExpiredUdp, CounterId.Reassembled, CounterId.Originated,
            CounterId.HandoffsSent, CounterId.IcmpErrorsCarried, CounterId.SoftwireErrorsRelayed,
        ];
        Assert.All(ways, way => Assert.NotEqual(0, target.Gateway.Counter(way)));
        DropReason[] reasons = [.. Enum.GetValues<DropReason>().Where(reason => target.Gateway.Drops(reason) != 0)];
        Assert.True(reasons.Length >= 20, $"only {string.Join(", ", reasons)}");
    }

    [Fact]
    public void A_finding_says_how_to_repeat_it()
    {
        FuzzTarget broken = new("broken", [[1, 2, 3, 4]], 0, () => input =>
        {
            if (input.Length != 4)
                throw new InvalidOperationException("a length that it can't stand");
        });
        FuzzException finding = Assert.Throws<FuzzException>(() => FuzzDriver.Run(broken, 7, 10_000));
        FuzzException again = Assert.Throws<FuzzException>(() => FuzzDriver.Run(broken, 7, 10_000));
        Assert.Equal(finding.Message, again.Message);
        Assert.Contains("seed 7", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_gives_the_same_inputs()
    {
        byte[][] seeds = [[1, 2, 3], [4, 5, 6, 7]];
        Mutator first = new(seeds, 5);
        Mutator second = new(seeds, 5);
        Assert.True(Enumerable.Range(0, 1000).All(_ => first.Next().SequenceEqual(second.Next())));
    }
}
