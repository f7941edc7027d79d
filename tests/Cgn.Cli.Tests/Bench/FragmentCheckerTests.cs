using System;
using System.Runtime.Intrinsics;

using Cgn.Cli.Bench;
using Cgn.Cli.Bench.Traffic;
using Cgn.Memory.Arenas;
using Cgn.Wire;

using Xunit;

namespace Cgn.Cli.Tests.Bench;

/// <summary>What lets a figure stand: a fragment that is wrong in anything does not pass.</summary>
public sealed class FragmentCheckerTests : IDisposable
{
    private const uint Number = 3;
    private const int PacketBytes = 64;
    private const int UdpChecksumAt = FrameLayout.LinkBytes + 26;
    private const int IdentificationAt = FrameLayout.LinkBytes + 4;
    private const int AddressAt = FrameLayout.LinkBytes + 15;

    private static readonly Endpoint s_external = new(0xC6120001, 5000);

    private readonly Arena _memory = Arena.Private();
    private readonly Population _population = new(BenchScenarioTests.Case("fragments"));
    private readonly MappingBook _book;

    public FragmentCheckerTests()
    {
        _book = new MappingBook(_memory, 512);
        Assert.True(_book.TryNote(Number, s_external.Address, s_external.Port, 0));
    }

    [Fact]
    public void A_datagram_translated_rightly_passes() => Assert.Null(Complaint(Right()));

    [Fact]
    public void A_rest_before_its_first_does_not_pass()
    {
        (byte[] first, byte[] rest) = Right();
        Assert.NotNull(Complaint((rest, first)));
    }

    [Fact]
    public void A_rest_under_another_identification_does_not_pass()
    {
        (byte[] first, byte[] rest) = Right();
        rest[IdentificationAt] ^= 1;
        FixHeader(rest);
        Assert.NotNull(Complaint((first, rest)));
    }

    [Fact]
    public void A_wrong_checksum_of_the_datagram_does_not_pass()
    {
        (byte[] first, byte[] rest) = Right();
        first[UdpChecksumAt] ^= 1;
        Assert.NotNull(Complaint((first, rest)));
    }

    [Fact]
    public void Another_payload_does_not_pass()
    {
        (byte[] first, byte[] rest) = Right();
        rest[^1] = 1;
        Assert.NotNull(Complaint((first, rest)));
    }

    [Fact]
    public void A_rest_from_another_address_does_not_pass()
    {
        (byte[] first, byte[] rest) = Right();
        rest[AddressAt] ^= 1;
        FixHeader(rest);
        Assert.NotNull(Complaint((first, rest)));
    }

    public void Dispose() => _memory.Dispose();

    private static (byte[] First, byte[] Later) Right()
    {
        (FlowTemplate first, FlowTemplate rest) = TemplateMaker.MakeFragments(
            Number, s_external, Population.Remote(Number), PacketBytes, b4High: 0);
        return (Frame(first), Frame(rest));
    }

    // As it leaves the gateway: one hop less to live.
    private static byte[] Frame(in FlowTemplate template)
    {
        int length = NetworkOrder.Read16([template.Head[2], template.Head[3]], 0);
        byte[] frame = new byte[FrameLayout.LinkBytes + length];
        FrontHeaders.Plain().AsSpan(^FrameLayout.LinkBytes).CopyTo(frame);
        template.Head.CopyTo(frame, FrameLayout.LinkBytes);
        frame[FrameLayout.LinkBytes + 8]--;
        FixHeader(frame);
        return frame;
    }

    private static void FixHeader(byte[] frame)
    {
        Span<byte> header = frame.AsSpan(FrameLayout.LinkBytes, Ipv4Header.Size);
        NetworkOrder.Write16(header, 10, 0);
        NetworkOrder.Write16(header, 10, Checksum.Compute(header));
    }

    private string? Complaint((byte[] One, byte[] Other) frames)
    {
        FragmentChecker checker = new(_population, _book, outside: true);
        checker.Inspect(frames.One);
        checker.Inspect(frames.Other);
        Assert.Equal(2, checker.Seen);
        return checker.Complaint;
    }
}
