using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Records;
using Cgn.Memory.Arenas;

using Xunit;

namespace Cgn.Contract.Tests.Records;

/// <summary>What the control plane grants, written beside those who read it.</summary>
public sealed class PolicyTableTests
{
    [Fact]
    public void Slot_reads_as_it_was_written_until_it_is_freed()
    {
        using Arena arena = Arena.Private();
        PolicyTable table = new(arena.Take("policies", PolicyTable.SizeBytes));
        Assert.False(table.TryRead(PlanNumber.GrantedMax - 1, out _));
        Assert.True(PolicyName.TryPack("fast-ü", out PolicyName name));
        table.Write(PlanNumber.GrantedMax - 1, new PolicyRecord { Plan = name, RateUp = 5 });
        Assert.True(table.TryRead(PlanNumber.GrantedMax - 1, out PolicyRecord read));
        Assert.Equal(("fast-ü", 5ul), (read.Plan.ToString(), read.RateUp));
        table.Free(PlanNumber.GrantedMax - 1);
        Assert.False(table.TryRead(PlanNumber.GrantedMax - 1, out _));
        table.Write(PlanNumber.GrantedMax - 1, read);
        // Another version, though the same text: whoever knows the one before looks again.
        Assert.NotEqual(read.Version, table.VersionOf(PlanNumber.GrantedMax - 1));
    }

    [Fact]
    public void Name_that_is_too_long_is_refused_whole()
    {
        Assert.True(PolicyName.TryPack(new string('x', PolicyName.SizeBytes), out PolicyName longest));
        Assert.Equal(PolicyName.SizeBytes, longest.ToString().Length);
        Assert.False(PolicyName.TryPack(new string('x', PolicyName.SizeBytes + 1), out _));
    }

    [Fact]
    public async Task Reader_never_sees_half_of_a_policy()
    {
        using Arena arena = Arena.Private();
        PolicyTable table = new(arena.Take("policies", PolicyTable.SizeBytes));
        using CancellationTokenSource end = new();
        Task writer = Task.Run(
            () =>
            {
                for (ulong i = 1; !end.IsCancellationRequested; i++)
                    table.Write(0, new PolicyRecord { RateUp = i, RateDown = i, PortLimit = (uint)i });
            },
            CancellationToken.None);
        int seen = 0;
        while (seen < 100_000)
        {
            if (!table.TryRead(0, out PolicyRecord read))
                continue;
            seen++;
            Assert.Equal((read.RateUp, (uint)read.RateUp), (read.RateDown, read.PortLimit));
        }

        await end.CancelAsync();
        await writer;
    }
}
