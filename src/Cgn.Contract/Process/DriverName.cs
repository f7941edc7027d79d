using System;
using System.Runtime.CompilerServices;
using System.Text;

namespace Cgn.Contract.Process;

/// <summary>A short name in 16 bytes of UTF-8, padded with zeros.</summary>
[InlineArray(SizeBytes)]
public struct DriverName
{
    /// <summary>Bytes of the longest name.</summary>
    public const int SizeBytes = 16;

    private byte _first;

    /// <summary>Keeps what fits of a name.</summary>
    /// <param name="text">Such as af_xdp.</param>
    public static DriverName Of(string text)
    {
        DriverName name = default;
        Encoding.UTF8.GetEncoder().Convert(text, name, flush: true, out _, out _, out _);
        return name;
    }

    /// <summary>The name as text.</summary>
    public override readonly string ToString()
    {
        ReadOnlySpan<byte> bytes = this;
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
