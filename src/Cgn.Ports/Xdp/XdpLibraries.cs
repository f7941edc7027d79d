using System;

namespace Cgn.Ports.Xdp;

/// <summary>
/// Whether libbpf and libxdp are there, and their chatter silenced: errors are reported by us, in one sentence.
/// </summary>
internal static class XdpLibraries
{
    /// <exception cref="PortException">A library is missing: which package to install.</exception>
    internal static void Check(string device)
    {
        try
        {
            _ = LibBpf.libbpf_set_print(0);
            _ = LibXdp.libxdp_set_print(0);
        }
        catch (DllNotFoundException error)
        {
            throw new PortException(
                $"{device}: AF_XDP is not available: install libxdp1 and libbpf1, or choose the driver pcap",
                error);
        }
    }
}
