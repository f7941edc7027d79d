using Cgn.Contract;

namespace Cgn.Softwire;

/// <summary>Why an outer packet is not carried, and whether and how RFC 8200 wants its sender told (ICMPv6 type 4, RFC
/// 4443 §3.4).</summary>
/// <param name="Reason">What the drop is counted as; <see cref="DropReason.None"/> when nothing was refused.</param>
/// <param name="IsAnswered">An ICMPv6 parameter problem is due, rate limits permitting.</param>
/// <param name="Code">Its code: 0 erroneous field, 1 unrecognised next header, 2 unrecognised option, 3 first fragment
/// without its whole header chain (RFC 7112).</param>
/// <param name="Pointer">Its pointer: bytes from the first byte of the outer IPv6 header.</param>
public readonly record struct SoftwireRefusal(DropReason Reason, bool IsAnswered, byte Code, int Pointer)
{
    /// <summary>A refusal that the sender is not told about.</summary>
    /// <param name="reason">What the drop is counted as.</param>
    public static SoftwireRefusal Silent(DropReason reason) => new(reason, false, 0, 0);

    /// <summary>A refusal that is answered with a parameter problem.</summary>
    /// <param name="reason">What the drop is counted as.</param>
    /// <param name="code">0 to 3.</param>
    /// <param name="pointer">Bytes from the first byte of the outer header.</param>
    public static SoftwireRefusal Problem(DropReason reason, byte code, int pointer) =>
        new(reason, true, code, pointer);
}
