using System;
using System.IO;
using System.Threading.Tasks;

using Xunit;

namespace Cgn.Cli.Tests.Packaging;

/// <summary>What else is on the box: another gateway, devices and addresses that are not as configured.</summary>
public sealed class SharedBoxTests
{
    private static readonly UnitFile s_forwarder = UnitFile.Of("cgn-forwarder.service");

    [SkippableTheory]
    [InlineData("auto")]
    [InlineData("pcap")]
    public async Task A_second_gateway_on_the_same_devices_is_refused_and_the_first_goes_on(string driver)
    {
        await using ServiceRig rig = await ServiceRig.CreateAsync(driver);
        ServiceProcess first = Run(rig, rig.ConfigFile);
        await first.HearsAsync("READY=1");
        string other = rig.ConfigFile + ".other";
        string text = File.ReadAllText(rig.ConfigFile);
        File.WriteAllText(other, text.Replace(rig.State.Path, rig.State.Path + "2", StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(other, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        ServiceProcess second = Run(rig, other);
        await UntilSaidAsync(second, "before it was ready");

        Assert.Contains("inside: another gateway (process ", second.Said);
        Assert.DoesNotContain("xdp off", second.Said);
        await rig.PingAsync(10);
        Assert.Equal(0, await first.EndAsync());
        ServiceProcess third = Run(rig, other);
        await third.HearsAsync("READY=1");
        await rig.PingAsync(11);
        Assert.Equal(0, await third.EndAsync());
    }

    [SkippableFact]
    public async Task A_device_s_smaller_mtu_is_in_force_and_told_and_so_are_addresses_that_are_the_gateway_s()
    {
        await using ServiceRig rig = await ServiceRig.CreateAsync("auto");
        rig.Edit("mtu: 1540", "mtu: 1600");
        rig.Edit("203.0.113.0/28", "203.0.113.0/28, 198.51.100.1/32");
        ServiceProcess run = Run(rig, rig.ConfigFile);
        await run.HearsAsync("READY=1");

        Assert.Contains(
            "warning: inside: its MTU is 1540 and interfaces.inside.mtu says 1600: 1540 is in force", run.Said);
        Assert.Contains("warning: outside has 198.51.100.1 of pool public: ", run.Said);
        await rig.SetMtuAsync("inside", 1400);
        await UntilSaidAsync(run, "a device's MTU has changed: in force are 1400 inside and 1500 outside");
        Assert.Equal(0, await run.EndAsync());
    }

    private static ServiceProcess Run(ServiceRig rig, string config) =>
        rig.Start("cgn.dll", s_forwarder.Capabilities, "run", "--config", config);

    private static async Task UntilSaidAsync(ServiceProcess process, string text)
    {
        for (DateTime end = DateTime.UtcNow.AddSeconds(60); !process.Said.Contains(text); await Task.Delay(20))
            Assert.True(DateTime.UtcNow < end, $"waited in vain for '{text}': {process.Said}");
    }
}
