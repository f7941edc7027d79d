using System.Linq;

using Cgn.Cli.Lab;
using Cgn.Cli.Lab.Testing;
using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;

using Xunit;

namespace Cgn.Cli.Tests.Lab;

public sealed class LabGatewayConfigTests
{
    [Theory]
    [InlineData("af_xdp", 1540)]
    [InlineData("pcap", 1540)]
    [InlineData("pcap", 1500)]
    public void Configuration_for_a_run_is_valid(string driver, int mtuBytes)
    {
        string yaml = LabGatewayConfig.Make(driver, mtuBytes);

        bool valid = ConfigLoader.TryParse("lab.yaml", yaml, out ConfigSnapshot? snapshot, out _, out FaultList faults);

        Assert.True(valid, string.Join('\n', faults.All.Select(fault => fault.ToString())));
        // The narrow variant is doubtful on purpose: its softwires must fragment.
        Assert.Equal(mtuBytes < 1540, faults.Warnings.Any());
        Assert.Equal(mtuBytes, snapshot!.Settings.TunnelMtu);
        Assert.Equal(mtuBytes, snapshot.Settings.InsideMtu);
    }

    [Fact]
    public void Checks_measure_against_the_plan_of_the_configuration()
    {
        string yaml = LabGatewayConfig.Template();
        Assert.True(ConfigLoader.TryParse("lab.yaml", yaml, out _, out GatewayOptions? options, out _));

        PlanSection plan = Assert.Single(options!.Plans);
        Assert.Equal(LabPlan.DownBitsPerSecond, plan.RateDown.BitsPerSecond);
        Assert.Equal(LabPlan.UpBitsPerSecond, plan.RateUp.BitsPerSecond);
        Assert.Equal(LabGatewayConfig.BlockLogPath, options.Logging!.BlockLog);
    }
}
