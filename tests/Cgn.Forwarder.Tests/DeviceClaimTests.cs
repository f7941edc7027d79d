using System;

using Cgn.Forwarder.Live;
using Cgn.Ports;

using Xunit;

namespace Cgn.Forwarder.Tests;

public sealed class DeviceClaimTests
{
    [Fact]
    public void One_gateway_has_a_device_at_a_time_and_another_one_is_told_which_process_it_is()
    {
        using (DeviceClaim.Take("lo", "lo"))
        {
            PortException refusal = Assert.Throws<PortException>(() => DeviceClaim.Take("lo"));
            Assert.StartsWith(
                $"lo: another gateway (process {Environment.ProcessId}) forwards on this device", refusal.Message);
        }

        DeviceClaim.Take("lo").Dispose();
    }

    [Fact]
    public void A_device_that_there_is_not_is_named()
    {
        PortException refusal = Assert.Throws<PortException>(() => DeviceClaim.Take("no-such-dev"));
        Assert.StartsWith("no-such-dev: there is no such device", refusal.Message);
    }
}
