using Cgn.Contract.Settings;
using Cgn.Forwarder.Live;
using Cgn.Testing;

using Xunit;

namespace Cgn.Forwarder.Tests;

public sealed class OutsideSourceTests
{
    [Theory]
    [InlineData("lo", 0u, 0x7F000001u)]
    [InlineData("lo", 0xC0000201u, 0xC0000201u)]
    [InlineData("no-such-device", 0u, 0u)]
    [Requirement("RFC1812-S4.3.2.4")]
    public void Errors_towards_the_outside_come_from_its_device_unless_configured(
        string device, uint configured, uint expected)
    {
        ConfigSnapshot snapshot = new()
        {
            Outside = new InterfaceSettings(device, PortDriver.Auto),
            Settings = new GatewaySettings { OutsideAddress = configured },
        };
        Assert.Equal(expected, OutsideSource.Fill(snapshot).Settings.OutsideAddress);
    }
}
