using System;
using System.IO;
using System.Net;

using Cgn.Cli.Lab;
using Cgn.Cli.Lab.Testing;

using Xunit;

namespace Cgn.Cli.Tests.Lab;

public sealed class BlockLogTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Holder_is_whom_the_covering_block_was_given_to()
    {
        Write(Line("allocated", "2001:db8:100:100::/56", 1024, 1535), Line("allocated", "100.64.0.10", 1536, 2047));

        Assert.Equal("2001:db8:100:100::/56", Holder(1535));
        Assert.Equal("100.64.0.10", Holder(1536));
        Assert.Null(Holder(2048));
    }

    [Fact]
    public void Released_block_has_no_holder_until_it_is_given_again()
    {
        Write(Line("allocated", "100.64.0.10", 1024, 1535), Line("released", "100.64.0.10", 1024, 1535));
        Assert.Null(Holder(1100));

        File.AppendAllText(_path, Line("allocated", "100.64.0.11", 1024, 1535) + "\n");
        Assert.Equal("100.64.0.11", Holder(1100));
    }

    [Fact]
    public void Line_that_is_still_being_written_is_left_for_later()
    {
        File.WriteAllText(_path, Line("allocated", "100.64.0.10", 1024, 1535)[..30]);

        Assert.Null(Holder(1100));
    }

    [Fact]
    public void Line_that_is_no_block_event_is_an_error_that_shows_it()
    {
        Write("{\"event\":\"allocated\"}");

        LabException error = Assert.Throws<LabException>(() => Holder(1100));
        Assert.Contains("{\"event\":\"allocated\"}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("100.64.0.10", "100.64.0.10/32", true)]
    [InlineData("2001:db8:100:100::/56", "2001:0db8:0100:0100::/56", true)]
    [InlineData("2001:db8:100:100::/56", "2001:db8:100:200::/56", false)]
    [InlineData("home1", "home1", false)]
    public void Subscribers_are_compared_as_prefixes(string one, string other, bool same) =>
        Assert.Equal(same, BlockLog.IsSame(one, other));

    private static string Line(string what, string subscriber, int start, int end) =>
        $"{{\"time\":\"2026-01-01T00:00:00Z\",\"event\":\"{what}\",\"subscriber\":\"{subscriber}\","
        + $"\"external_address\":\"203.0.113.1\",\"port_start\":{start},\"port_end\":{end}}}";

    private string? Holder(int port) =>
        new BlockLog(_path).HolderOf(new IPEndPoint(IPAddress.Parse("203.0.113.1"), port));

    private void Write(params string[] lines) => File.WriteAllLines(_path, lines);
}
