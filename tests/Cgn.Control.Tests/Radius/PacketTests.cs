using System;
using System.Linq;
using System.Text;

using Cgn.Control.Radius.Packets;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Control.Tests.Radius;

/// <summary>Packets, their lengths and their authenticators.</summary>
public sealed class PacketTests
{
    // The telnet example of RFC 2865 section 7.1; its secret and password stand there too.
    private static readonly byte[] s_request = Convert.FromHexString(
        "010000380f403f94739780 57bd83d5cb98f4227a01066e656d6f02120dbe708d93d413ce3196e43f782a0aee0406c0a801100506"
            .Replace(" ", "", StringComparison.Ordinal) + "00000003");

    private static readonly byte[] s_reply = Convert.FromHexString(
        "0200002686fe220e7624ba2a1005f6bf9b55e0b20606000000010f06000000000e06c0a80103");

    private static readonly byte[] s_secret = Encoding.ASCII.GetBytes("xyzzy5461");

    [Fact]
    [Requirement("RFC2865-S3-AUTH")]
    public void The_reply_of_the_standards_example_is_right_and_no_changed_one_is()
    {
        RadiusPacket request = Read(s_request);
        Assert.True(PacketSignature.IsRight(Read(s_reply), request.Authenticator, s_secret));
        Assert.False(PacketSignature.IsRight(Read(s_reply), request.Authenticator, Encoding.ASCII.GetBytes("other")));
        for (int i = 0; i < s_reply.Length; i++)
        {
            byte[] changed = [.. s_reply];
            changed[i] ^= 1;
            if (RadiusPacket.TryRead(changed, out RadiusPacket? read))
                Assert.False(PacketSignature.IsRight(read, request.Authenticator, s_secret));
        }
    }

    [Fact]
    public void The_password_of_the_standards_example_is_hidden_as_there()
    {
        RadiusPacket request = Read(s_request);
        var writer = new RadiusPacketWriter(RadiusCode.AccessRequest, 0, withMessageAuthenticator: false);
        writer.Add(AttributeType.UserName, "nemo");
        writer.AddPassword("arctangent", request.Authenticator, s_secret);
        writer.Add(AttributeType.NasIpAddress, new Ipv4Address(192, 168, 1, 16));
        writer.Add(AttributeType.NasPort, 3);
        Assert.Equal(s_request, writer.SignAccess(request.Authenticator, s_secret));
    }

    [Fact]
    [Requirement("RFC2865-S3-LEN")]
    public void Padding_is_cut_off_and_what_is_shorter_than_it_says_is_no_packet()
    {
        Assert.Equal(s_reply, Read([.. s_reply, 1, 2, 3]).Bytes.ToArray());
        Assert.False(RadiusPacket.TryRead(s_reply.AsSpan(0, s_reply.Length - 1), out _));
        Assert.False(RadiusPacket.TryRead(s_reply.AsSpan(0, 19), out _));
        Assert.False(RadiusPacket.TryRead([1, 1, 0, 19, .. new byte[100]], out _));
        Assert.True(RadiusPacket.TryRead([1, 1, 0, 20, .. new byte[16]], out _));
        Assert.False(RadiusPacket.TryRead([1, 1, 0x10, 1, .. new byte[5000]], out _));
        byte[] longest = [1, 1, 0x10, 0, .. new byte[16], .. Enumerable.Repeat<byte[]>([1, 4, 9, 9], 1019)
            .SelectMany(one => one)];
        Assert.Equal(4096, longest.Length);
        Assert.Equal(1019, Read(longest).Attributes.Count);
    }

    [Theory]
    [InlineData("01")]
    [InlineData("0100")]
    [InlineData("0101")]
    [InlineData("010461")]
    [InlineData("01036102")]
    public void Attributes_that_do_not_fill_the_packet_make_it_none(string attributes)
    {
        byte[] bytes = Convert.FromHexString(attributes);
        Assert.False(RadiusPacket.TryRead([1, 1, 0, (byte)(20 + bytes.Length), .. new byte[16], .. bytes], out _));
    }

    [Fact]
    [Requirement("RFC2866-S3-AUTH")]
    [Requirement("RFC5176-S2.3-AUTH")]
    public void Accounting_CoA_and_disconnect_requests_are_signed_over_zeros()
    {
        foreach (RadiusCode code in (RadiusCode[])
            [RadiusCode.AccountingRequest, RadiusCode.CoaRequest, RadiusCode.DisconnectRequest])
        {
            var writer = new RadiusPacketWriter(code, 7, withMessageAuthenticator: false);
            writer.Add(AttributeType.UserName, "nemo");
            RadiusPacket packet = Read(writer.SignRequest(s_secret));
            byte[] whole = [(byte)code, 7, 0, 26, .. new byte[16], 1, 6, .. "nemo"u8, .. s_secret];
#pragma warning disable CA5351 // what the protocol says
            Assert.Equal(System.Security.Cryptography.MD5.HashData(whole), packet.Authenticator.ToArray());
#pragma warning restore CA5351
            Assert.True(PacketSignature.IsRight(packet, new byte[16], s_secret));
        }
    }

    [Fact]
    [Requirement("RFC2869-S5.14-1")]
    [Requirement("RFC5080-MA")]
    public void The_message_authenticator_comes_first_and_covers_every_byte()
    {
        var writer = new RadiusPacketWriter(RadiusCode.AccessRequest, 9, withMessageAuthenticator: true);
        writer.Add(AttributeType.UserName, "nemo");
        byte[] authenticator = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
        byte[] bytes = writer.SignAccess(authenticator, s_secret);
        Assert.Equal(AttributeType.MessageAuthenticator, Read(bytes).Attributes[0].Type);
        byte[] zeroed = [.. bytes[..22], .. new byte[16], .. bytes[38..]];
#pragma warning disable CA5351 // what the protocol says
        Assert.Equal(
            System.Security.Cryptography.HMACMD5.HashData(s_secret, zeroed),
            Read(bytes).Attributes[0].Value.ToArray());
#pragma warning restore CA5351

        Assert.Equal(MessageCheck.Right, PacketSignature.CheckMessage(Read(bytes), authenticator, s_secret));
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= 1;
            if (i is < 4 or >= 20 && RadiusPacket.TryRead(changed, out RadiusPacket? read))
            {
                Assert.NotEqual(
                    MessageCheck.Right, PacketSignature.CheckMessage(read, authenticator, s_secret));
            }
        }
    }

    [Fact]
    [Requirement("RFC2869-S5.14-1")]
    public void Two_message_authenticators_or_one_of_another_length_are_wrong_and_none_is_absent()
    {
        byte[] one = [80, 18, .. new byte[16]];
        Assert.Equal(MessageCheck.Wrong, Check([.. one, .. one]));
        Assert.Equal(MessageCheck.Wrong, Check([80, 17, .. new byte[15]]));
        Assert.Equal(MessageCheck.Wrong, Check(one));
        Assert.Equal(MessageCheck.Absent, Check([1, 3, 65]));
    }

    private static MessageCheck Check(byte[] attributes) => PacketSignature.CheckMessage(
        Read([1, 1, 0, (byte)(20 + attributes.Length), .. new byte[16], .. attributes]), new byte[16], s_secret);

    private static RadiusPacket Read(byte[] bytes)
    {
        Assert.True(RadiusPacket.TryRead(bytes, out RadiusPacket? packet));
        return packet;
    }
}
