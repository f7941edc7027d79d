using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using Cgn.Cli.Bench.Guard;

using Xunit;

namespace Cgn.Cli.Tests.Bench;

public sealed class GuardTests
{
    [Theory]
    [InlineData(1.00, false)]
    [InlineData(0.50, false)]
    [InlineData(1.09, false)]
    [InlineData(1.11, true)]
    [InlineData(2.00, true)]
    public void A_path_that_is_slower_by_more_than_a_tenth_fails(double factor, bool isWorse)
    {
        GuardMeasure before = Measure("ds-lite", 60, 20);
        StringWriter output = new();
        int code = Report([Measure("ds-lite", 60 * factor, 20)], [before], output);
        Assert.Equal(isWorse ? 1 : 0, code);
        Assert.Equal(isWorse, output.ToString().Contains("WORSE", StringComparison.Ordinal));
        Assert.Contains("ds-lite: path", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(7)]
    public void A_machine_of_another_speed_changes_nothing(double speed) => Assert.Equal(
        0, Report([Measure("ds-lite", 60 * speed, 20 * speed)], [Measure("ds-lite", 60, 20)], TextWriter.Null));

    [Fact]
    public void A_reference_loop_that_is_faster_is_as_bad_as_a_path_that_is_slower() => Assert.Equal(
        1, Report([Measure("ds-lite", 60, 17)], [Measure("ds-lite", 60, 20)], TextWriter.Null));

    [Fact]
    public void One_slow_case_among_good_ones_fails() => Assert.Equal(1, Report(
        [Measure("a", 60, 20), Measure("b", 90, 20), Measure("c", 60, 20)],
        [Measure("a", 60, 20), Measure("b", 60, 20), Measure("c", 60, 20)],
        TextWriter.Null));

    [Fact]
    public void A_case_without_a_baseline_fails() => Assert.Equal(
        1, Report([Measure("new", 60, 20)], [Measure("old", 60, 20)], TextWriter.Null));

    [Fact]
    public void Rounds_that_were_disturbed_are_outvoted()
    {
        double[] path = [60, 61, 600, 60, 59, 900, 60];
        double[] reference = [20, 20, 20, 21, 300, 20, 20];
        GuardMeasure disturbed = GuardMeasure.Of("ds-lite", path, reference);
        Assert.Equal(0, Report([disturbed], [Measure("ds-lite", 60, 20)], TextWriter.Null));
    }

    [Fact]
    public void Disturbance_in_most_rounds_does_not_fail_while_the_best_are_as_good_as_ever()
    {
        double[] path = [60, 90, 95, 99, 97];
        double[] reference = [20, 20, 20, 20, 20];
        GuardMeasure disturbed = GuardMeasure.Of("ds-lite", path, reference);
        Assert.Equal(0, Report([disturbed], [Measure("ds-lite", 60, 20)], TextWriter.Null));
    }

    [Fact]
    public void A_baseline_is_read_as_it_was_written()
    {
        string file = Path.GetTempFileName();
        try
        {
            new GuardBaseline("a machine", [Measure("a", 60, 20), Measure("b", 30, 20)]).Write(file);
            GuardBaseline read = GuardBaseline.Read(file);
            Assert.Equal("a machine", read.Machine);
            Assert.Equal([Measure("a", 60, 20), Measure("b", 30, 20)], read.Measures);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Without_a_baseline_nothing_is_measured() =>
        Assert.Equal(2, Program.Main(["bench", "guard", "--baseline", "/nowhere/guard.json"]));

    [Fact]
    public void The_reference_loop_and_the_path_are_measured_in_alternation()
    {
        GuardCase small = GuardCase.All(windowMs: 10).First(one => one.Case.Sessions == 1000);
        GuardMeasure measure = new GuardRun(small, new Cgn.Cli.Bench.BenchProgress()).Run(rounds: 3);
        Assert.True(measure.PathNs > 0);
        Assert.True(measure.ReferenceNs > 0);
        Assert.True(measure.MedianRatio > 0);
    }

    private static int Report(
        IReadOnlyList<GuardMeasure> now, IReadOnlyList<GuardMeasure> before, TextWriter output) =>
        GuardCommand.Report(GuardVerdict.Compare(now, before), output);

    private static GuardMeasure Measure(string name, double pathNs, double referenceNs) =>
        GuardMeasure.Of(name, [pathNs, pathNs, pathNs], [referenceNs, referenceNs, referenceNs]);
}
