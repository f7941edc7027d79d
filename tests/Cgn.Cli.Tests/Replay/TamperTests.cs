using System.IO;

using Cgn.Cli.Captures;
using Cgn.Cli.Replay;
using Cgn.Cli.Tests.Captures;
using Cgn.Memory.Frames;

using Xunit;

namespace Cgn.Cli.Tests.Replay;

/// <summary>
/// A replay that can't fail proves nothing: whatever a faulty gateway could do to one frame is noticed.
/// </summary>
public sealed class TamperTests
{
    private const int OutsideIp = 14;
    private const int InsideIp = 14 + 40;

    [Theory]
    [InlineData(6, 0)]
    [InlineData(1, OutsideIp + 20)]
    [InlineData(17, OutsideIp + 20)]
    public void Any_changed_byte_of_an_outbound_packet_is_noticed(byte protocol, int first)
    {
        for (int at = first; at < OutsideIp + 36; at++)
        {
            // The identification may be any.
            if (at is not (OutsideIp + 4 or OutsideIp + 5))
                Assert.True(Mismatches(FramePort.Outside, OutsideIp, protocol, at) > 0, $"byte {at}");
        }
    }

    [Theory]
    [InlineData(6, 0)]
    [InlineData(1, InsideIp + 20)]
    [InlineData(17, InsideIp + 20)]
    [InlineData(47, InsideIp + 16)]
    public void Any_changed_byte_of_an_inbound_packet_is_noticed(byte protocol, int first)
    {
        for (int at = first; at < InsideIp + 28; at++)
        {
            // The flow label and the hop limit are the gateway's to choose, the inner identification anybody's.
            if (at is not (14 + 1 or 14 + 2 or 14 + 3 or 14 + 7 or InsideIp + 4 or InsideIp + 5))
                Assert.True(Mismatches(FramePort.Inside, InsideIp, protocol, at) > 0, $"byte {at}");
        }
    }

    [Theory]
    [InlineData(FramePort.Inside)]
    [InlineData(FramePort.Outside)]
    public void A_lost_frame_is_noticed(byte side)
    {
        int count = 0;
        long mismatches = Mismatches((at, frame) => at != side || ++count != 5);
        Assert.True(mismatches > 0);
    }

    [Fact]
    public void A_hop_that_was_not_counted_is_noticed() => Assert.True(Mismatches((side, frame) =>
    {
        if (side == FramePort.Outside)
        {
            frame[OutsideIp + 8]++;
            OnesSum.Settle(frame.Slice(OutsideIp, 20), 10, 0, 0);
        }

        return true;
    }) > 0);

    [Fact]
    public void A_payload_changed_along_with_its_checksum_is_noticed() => Assert.True(Mismatches((side, frame) =>
    {
        // Two words swapped: the sum stays right.
        if (side == FramePort.Outside && frame.Length > 200)
            (frame[100], frame[101], frame[102], frame[103]) = (frame[102], frame[103], frame[100], frame[101]);
        return true;
    }) > 0);

    // Changes one byte of the third frame of a protocol on a side.
    private static long Mismatches(byte side, int ip, byte protocol, int at)
    {
        int seen = 0;
        return Mismatches((where, frame) =>
        {
            if (where == side && frame.Length > at && frame[ip + 9] == protocol && seen++ == 0)
                frame[at] ^= 0x04;
            return true;
        });
    }

    private static long Mismatches(FrameTamper tamper)
    {
        using TestCapture capture = TestCapture.OfEverything();
        return ReplayTests.Run(
            new ReplayOptions([capture.Save()], AccessKind.DsLite), new StringWriter(), tamper).Mismatches;
    }
}
