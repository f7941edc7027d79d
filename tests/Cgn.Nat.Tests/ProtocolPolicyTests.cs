using Cgn.Contract.Settings;
using Cgn.Wire;

using Xunit;

namespace Cgn.Nat.Tests;

/// <summary>Which protocols are carried.</summary>
public sealed class ProtocolPolicyTests
{
    [Theory]
    [InlineData(IpProtocol.Udp, true, true)]
    [InlineData(IpProtocol.UdpLite, true, true)]
    [InlineData(IpProtocol.Dccp, true, true)]
    [InlineData(IpProtocol.Gre, true, false)]
    [InlineData(IpProtocol.Esp, true, false)]
    [InlineData(IpProtocol.Ospf, true, false)]
    [InlineData(IpProtocol.Sctp, false, false)]
    [InlineData(IpProtocol.Ah, false, false)]
    [InlineData(IpProtocol.Ipv6, false, false)]
    [InlineData(IpProtocol.Igmp, false, false)]
    public void What_is_carried_when_nothing_else_is_said(IpProtocol protocol, bool byDefault, bool withOthersDropped)
    {
        GatewaySettings settings = new();
        Assert.Equal(byDefault, ProtocolPolicy.Carries((byte)protocol, settings));
        settings.OtherProtocols = OtherProtocols.Drop;
        Assert.Equal(withOthersDropped, ProtocolPolicy.Carries((byte)protocol, settings));
    }

    [Fact]
    public void A_rule_of_its_own_goes_before_that_of_all_others()
    {
        GatewaySettings settings = new()
        {
            OtherProtocols = OtherProtocols.Drop,
            Protocols = new ProtocolRules { Sctp = ProtocolRule.AddressOnly, Ah = ProtocolRule.AsOther },
        };
        Assert.True(ProtocolPolicy.Carries((byte)IpProtocol.Sctp, settings));
        Assert.False(ProtocolPolicy.Carries((byte)IpProtocol.Ah, settings));
        settings.OtherProtocols = OtherProtocols.AddressOnly;
        Assert.True(ProtocolPolicy.Carries((byte)IpProtocol.Ah, settings));
    }
}
