using System.Runtime.CompilerServices;
using System.Text;

using Cgn.Contract.Process;

using Xunit;

namespace Cgn.Contract.Tests;

public class StatusPageTests
{
    [Fact]
    public void The_page_is_a_page()
    {
        Assert.Equal(4096, Unsafe.SizeOf<StatusPage>());
        Assert.Equal("CGNSTAT1", Encoding.ASCII.GetString(System.BitConverter.GetBytes(StatusPage.ExpectedMagic)));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("af_xdp", "af_xdp")]
    [InlineData("a-name-that-is-too-long", "a-name-that-is-t")]
    [InlineData("fifteen-bytes-é", "fifteen-bytes-é")]
    [InlineData("sixteen-bytes--é", "sixteen-bytes--")]
    public void A_name_keeps_what_fits(string text, string kept)
    {
        Assert.Equal(kept, DriverName.Of(text).ToString());
    }

    [Fact]
    public void Sections_of_a_shard_have_names_of_their_own()
    {
        Assert.Equal("/run/x/shard-3-events.arena", new StateDirectory("/run/x").SectionFile(SectionNames.Events(3)));
    }
}
