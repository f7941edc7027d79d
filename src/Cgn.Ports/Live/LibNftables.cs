using System.Runtime.InteropServices;

namespace Cgn.Ports.Live;

/// <summary>
/// libnftables, which the program nft itself is made of: rules are text, run in this process (libnftables(3)).
/// </summary>
internal static unsafe class LibNftables
{
    private const string Library = "libnftables.so.1";

    [DllImport(Library)]
    internal static extern nint nft_ctx_new(uint flags);

    [DllImport(Library)]
    internal static extern void nft_ctx_free(nint context);

    [DllImport(Library)]
    internal static extern int nft_ctx_buffer_output(nint context);

    [DllImport(Library)]
    internal static extern int nft_ctx_buffer_error(nint context);

    [DllImport(Library)]
    internal static extern nint nft_ctx_get_error_buffer(nint context);

    [DllImport(Library)]
    internal static extern int nft_run_cmd_from_buffer(nint context, byte* commands);
}
