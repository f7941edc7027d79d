using System;
using System.IO;
using System.Linq;
using System.Xml.Linq;

using Cgn.Cli.Bench;

using Xunit;

namespace Cgn.Cli.Tests.Bench;

public sealed class BenchOptionsTests
{
    [Theory]
    [InlineData("setup", "setup")]
    [InlineData("setup-storm", "setup")]
    [InlineData("port-scan", "port-scan")]
    [InlineData("scan", "port-scan")]
    [InlineData("Outer-Fragments", "outer-fragments")]
    public void A_scenario_has_one_name_and_may_be_called_by_another(string called, string name)
    {
        Assert.True(BenchNames.TryScenario(called, out BenchScenario scenario));
        Assert.Equal(name, BenchNames.Of(scenario));
    }

    [Theory]
    [InlineData("--scenario", "flood")]
    [InlineData("--direction", "up")]
    [InlineData("--frame", "63")]
    [InlineData("--frame", "1519")]
    [InlineData("--sessions", "0")]
    [InlineData("--workers", "65")]
    [InlineData("--load", "0.5")]
    [InlineData("--load", "101")]
    [InlineData("--seconds", "0")]
    [InlineData("--subscribers", "200k")]
    public void What_can_not_be_measured_ends_with_2(string option, string value) =>
        Assert.Equal(2, Program.Main(["bench", option, value]));

    [Fact]
    public void Hairpinned_sessions_come_in_pairs() =>
        Assert.Equal(2, Program.Main(["bench", "--scenario", "hairpin", "--sessions", "33"]));

    [Fact]
    public void A_plot_has_a_dot_for_each_result()
    {
        string file = Path.GetTempFileName();
        try
        {
            int code = Program.Main(
            [
                "bench", "--scenario", "ds-lite,port-scan", "--sessions", "256,512", "--seconds", "0.05", "--plot",
                file,
            ]);
            Assert.Equal(0, code);
            XDocument plot = XDocument.Load(file);
            XNamespace svg = "http://www.w3.org/2000/svg";
            Assert.Equal(svg + "svg", plot.Root!.Name);
            // Two lines of two dots, and one each that explains the line.
            Assert.Equal(6, plot.Root.Elements(svg + "circle").Count());
            string[] texts = [.. plot.Root.Elements(svg + "text").Select(text => text.Value)];
            Assert.Contains("port-scan, in", texts);
            Assert.Contains("512", texts);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_plot_that_can_not_be_written_is_refused_before_anything_is_measured() =>
        Assert.Equal(3, Program.Main(["bench", "--sessions", "256", "--plot", "/nowhere/at/all.svg"]));
}
