using System;

namespace Cgn.Wire;

/// <summary>The options of a PCP request (RFC 6887 section 7.3), in the order in which they stand.</summary>
public readonly record struct PcpOptions
{
    /// <summary>Bytes of an option without data.</summary>
    public const int HeaderSize = 4;

    private const byte PreferFailureCode = 2;
    private const byte FirstOptional = 128;

    /// <summary>The suggested external endpoint or none (section 13.2).</summary>
    public bool PrefersFailure { get; private init; }

    /// <summary>Reads them.</summary>
    /// <param name="bytes">What follows the opcode's data.</param>
    /// <param name="mayPrefer">PREFER_FAILURE has a place here.</param>
    /// <param name="options">What they say.</param>
    /// <returns>What is wrong with the first that is, or success. Optional ones that are not known say
    /// nothing.</returns>
    public static PcpResult Read(ReadOnlySpan<byte> bytes, bool mayPrefer, out PcpOptions options)
    {
        options = default;
        while (bytes.Length != 0)
        {
            if (bytes.Length < HeaderSize)
                return PcpResult.MalformedOption;
            byte code = bytes[0];
            int length = BigEndian.Read16(bytes, 2);
            int whole = HeaderSize + ((length + 3) & ~3);
            if (whole > bytes.Length)
                return PcpResult.MalformedOption;
            if (code == PreferFailureCode && mayPrefer)
            {
                if (length != 0 || options.PrefersFailure)
                    return PcpResult.MalformedOption;
                options = new PcpOptions { PrefersFailure = true };
            }
            else if (code < FirstOptional)
            {
                return PcpResult.UnsupportedOption;
            }

            bytes = bytes[whole..];
        }

        return PcpResult.Success;
    }

    /// <summary>Writes those that were heeded.</summary>
    /// <param name="destination">Where the answer's options begin; as long as the request's were.</param>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> destination)
    {
        if (!PrefersFailure)
            return 0;
        destination[..HeaderSize].Clear();
        destination[0] = PreferFailureCode;
        return HeaderSize;
    }
}
