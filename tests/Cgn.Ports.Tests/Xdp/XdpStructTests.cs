using System.Runtime.CompilerServices;

using Cgn.Ports.Xdp;

using Xunit;

namespace Cgn.Ports.Tests.Xdp;

public sealed class XdpStructTests
{
    [Fact]
    public void Structs_are_as_long_as_in_the_c_headers()
    {
        // xdp/xsk.h of libxdp 1.3.1, linux/if_xdp.h, bpf/bpf.h of libbpf 1.1.2, all on 64 bits.
        Assert.Equal(48, Unsafe.SizeOf<LibXdp.Ring>());
        Assert.Equal(20, Unsafe.SizeOf<LibXdp.UmemConfig>());
        Assert.Equal(20, Unsafe.SizeOf<LibXdp.SocketConfig>());
        Assert.Equal(16, Unsafe.SizeOf<LibXdp.Descriptor>());
        Assert.Equal(48, Unsafe.SizeOf<LibXdp.Statistics>());
        Assert.Equal(16, Unsafe.SizeOf<LibBpf.LinkOptions>());
        Assert.Equal(80, Unsafe.SizeOf<LibBpf.TestRunOptions>());
    }
}
