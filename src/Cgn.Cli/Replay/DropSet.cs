using System;
using System.Text;

using Cgn.Contract;

namespace Cgn.Cli.Replay;

/// <summary>
/// Reasons for which a correct gateway may drop a packet: one bit for each <see cref="DropReason"/>, all below 64.
/// </summary>
internal readonly record struct DropSet(ulong Bits)
{
    /// <summary>No reason at all: the packet must come out.</summary>
    internal bool IsEmpty => Bits == 0;

    /// <summary>Puts together a set.</summary>
    internal static DropSet Of(params ReadOnlySpan<DropReason> reasons)
    {
        ulong bits = 0;
        foreach (DropReason reason in reasons)
            bits |= 1UL << (int)reason;
        return new DropSet(bits);
    }

    /// <summary>What is in either set.</summary>
    internal DropSet With(DropSet other) => new(Bits | other.Bits);

    /// <summary>A reason is in the set.</summary>
    internal bool Has(DropReason reason) => (Bits >> (int)reason & 1) != 0;

    /// <inheritdoc/>
    public override string ToString()
    {
        StringBuilder text = new();
        for (int number = 0; number < 64; number++)
        {
            if (Has((DropReason)number))
                text.Append(text.Length == 0 ? "" : " or ").Append((DropReason)number);
        }

        return text.Length == 0 ? "no drop" : text.ToString();
    }
}
