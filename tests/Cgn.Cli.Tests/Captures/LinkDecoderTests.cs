using System;
using System.Linq;

using Cgn.Cli.Captures;
using Cgn.Ports.Capture;

using Xunit;

namespace Cgn.Cli.Tests.Captures;

public sealed class LinkDecoderTests
{
    private static readonly byte[] s_packet = [0x45, 0, 0, 20, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 192, 0, 32, 10];

    [Theory]
    [InlineData(CaptureLinkType.Ethernet, "0211223344550266778899AA0800")]
    [InlineData(CaptureLinkType.Ethernet, "0211223344550266778899AA810000070800")]
    [InlineData(CaptureLinkType.Ethernet, "0211223344550266778899AA88A80007810000090800")]
    [InlineData(CaptureLinkType.Ethernet, "0211223344550266778899AA88641100000100160021")]
    [InlineData(CaptureLinkType.Ppp, "FF030021")]
    [InlineData(CaptureLinkType.Ppp, "0021")]
    [InlineData(CaptureLinkType.Ppp, "21")]
    [InlineData(CaptureLinkType.PppSerial, "0F000800")]
    [InlineData(CaptureLinkType.PppEther, "1100000100160021")]
    [InlineData(CaptureLinkType.LinuxSll, "00000001000600112233445500000800")]
    [InlineData(CaptureLinkType.LinuxSll2, "0800000000000001000100060011223344550000")]
    [InlineData(CaptureLinkType.RawIp, "")]
    [InlineData(CaptureLinkType.Ipv4, "")]
    [InlineData(CaptureLinkType.Null, "02000000")]
    [InlineData(CaptureLinkType.Loop, "00000002")]
    [InlineData(CaptureLinkType.Ethernet,
        "0211223344550266778899AA86DD600000000014044020010DB801000100000000000000000120010DB8FFFF00000000000000000001")]
    [InlineData(CaptureLinkType.Ethernet,
        "0211223344550266778899AA86DD60000000001C3C4020010DB801000100000000000000000120010DB8FFFF00000000000000000001"
        + "0400040104010000")]
    public void Ipv4_is_found_behind_every_link_that_holds_it(CaptureLinkType linkType, string header)
    {
        byte[] frame = [.. Convert.FromHexString(header), .. s_packet];
        Assert.Equal(SkipReason.None, LinkDecoder.Decode(linkType, frame, out LinkDecoder decoder));
        Assert.Equal(s_packet, decoder.Packet.ToArray());
    }

    [Theory]
    [InlineData("FFFFFFFFFFFF0266778899AA0800", SkipReason.Broadcast)]
    [InlineData("01005E0000FB0266778899AA0800", SkipReason.Multicast)]
    [InlineData("0211223344550266778899AA0806", SkipReason.Arp)]
    [InlineData("0180C20000000266778899AA0026", SkipReason.LinkProtocol)]
    [InlineData("0211223344550266778899AA8100000181000002810000030800", SkipReason.VlanTags)]
    [InlineData("0211223344550266778899AA86DD60000000001406", SkipReason.Ipv6)]
    public void What_is_no_unicast_ipv4_has_its_reason(string header, object reason)
    {
        byte[] frame = [.. Convert.FromHexString(header), .. s_packet];
        Assert.Equal((SkipReason)reason, LinkDecoder.Decode(CaptureLinkType.Ethernet, frame, out _));
    }

    [Fact]
    public void Every_truncation_of_every_frame_is_survived()
    {
        byte[] frame = [.. Convert.FromHexString("0211223344550266778899AA88A80007810000090800"), .. s_packet];
        foreach (CaptureLinkType linkType in Enum.GetValues<CaptureLinkType>())
        {
            for (int length = 0; length <= frame.Length; length++)
                Assert.True(Enum.IsDefined(LinkDecoder.Decode(linkType, frame.Take(length).ToArray(), out _)));
        }
    }
}
