using System.Net;

using Cgn.Cli.Lab.B4;

using Xunit;

namespace Cgn.Cli.Tests.Lab;

public sealed class B4MtuTests
{
    [Theory]
    [InlineData(false, null, 1460)]
    [InlineData(false, (byte)4, 1452)]
    [InlineData(true, null, 1500)]
    public void A_b4_on_the_loopback_counts_on_ethernet_beyond_it(bool fragmentsOutside, byte? limit, int mtu) =>
        Assert.Equal(mtu, B4Command.DefaultMtuBytes(new B4Options
        {
            Aftr = IPAddress.Parse("2001:db8:ffff::1"),
            Local = IPAddress.IPv6Loopback,
            TunName = "b4",
            InnerAddress = "192.0.0.2/29",
            FragmentsOutside = fragmentsOutside,
            EncapsulationLimit = limit,
        }));
}
