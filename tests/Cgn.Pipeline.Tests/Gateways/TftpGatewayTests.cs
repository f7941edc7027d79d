using Cgn.Contract.Settings;
using Cgn.Testing;

using Xunit;

namespace Cgn.Pipeline.Tests.Gateways;

/// <summary>TFTP (RFC 1350): the server answers from a port that nobody has sent to.</summary>
public sealed class TftpGatewayTests
{
    public static TheoryData<bool, int> Ways => GatewayScene.Ways;

    [Theory]
    [MemberData(nameof(Ways))]
    [Requirement("RFC4787-REQ-10a")]
    public void The_server_may_answer_from_its_own_port(bool softwire, int shards)
    {
        using GatewayScene scene = new(softwire, shards);
        Assert.Single(scene.Bench.FromServer(Request(scene)));
        Assert.Empty(scene.Bench.FromServer(Answer(scene, "198.51.100.77")));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    [Requirement("RFC4787-REQ-10a")]
    public void Switched_off_filtering_is_as_strict_as_ever(bool softwire, int shards)
    {
        using GatewayScene scene = new(softwire, shards, on: ApplicationGateways.None);
        Assert.Empty(scene.Bench.FromServer(Request(scene)));
    }

    // Asks for a file; the server's first block.
    private static byte[] Request(GatewayScene scene)
    {
        Decoded sent = new(Assert.Single(scene.Host.Send(TextPackets.Udp(
            scene.Host.Address, 3000, GatewayBench.Server, 69, TextPackets.Bytes("\0\x01name\0octet\0")))));
        Assert.Equal("\0\x01name\0octet\0", sent.Text());
        return TextPackets.Udp(
            GatewayBench.Server, 33333, sent.Source, sent.Udp!.SourcePort, TextPackets.Bytes("\0\x03\0\x01data"));
    }

    private static byte[] Answer(GatewayScene scene, string from)
    {
        Decoded sent = new(Assert.Single(scene.Host.Udp(3000, GatewayBench.Server, 69)));
        return TextPackets.Udp(from, 33333, sent.Source, sent.Udp!.SourcePort, [0, 3, 0, 1]);
    }
}
