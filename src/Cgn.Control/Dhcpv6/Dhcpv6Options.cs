using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Cgn.Control.Dhcpv6;

/// <summary>The options of a message: code and length of two bytes each, and the value (RFC 8415 §21.1).</summary>
internal static class Dhcpv6Options
{
    public const ushort ClientId = 1;
    public const ushort ServerId = 2;
    public const ushort NonTemporaryAddresses = 3;
    public const ushort TemporaryAddresses = 4;
    public const ushort OptionRequest = 6;
    public const ushort RelayMessage = 9;
    public const ushort InterfaceId = 18;
    public const ushort DelegatedPrefixes = 25;
    public const ushort AftrName = 64;
    public const ushort SoftwirePriority = 111;

    private const int HeaderBytes = 4;

    /// <summary>The options fill their room exactly.</summary>
    public static bool AreWhole(ReadOnlySpan<byte> options)
    {
        while (options.Length >= HeaderBytes)
        {
            int end = HeaderBytes + BinaryPrimitives.ReadUInt16BigEndian(options[2..]);
            if (end > options.Length)
                return false;
            options = options[end..];
        }

        return options.IsEmpty;
    }

    /// <summary>The value of the first option of a code.</summary>
    /// <param name="options">Whole options.</param>
    /// <param name="code">Which.</param>
    /// <param name="value">Its value, when the result is true.</param>
    public static bool TryFind(ReadOnlySpan<byte> options, ushort code, out ReadOnlySpan<byte> value)
    {
        while (options.Length >= HeaderBytes)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(options[2..]);
            if (BinaryPrimitives.ReadUInt16BigEndian(options) == code)
            {
                value = options.Slice(HeaderBytes, length);
                return true;
            }

            options = options[(HeaderBytes + length)..];
        }

        value = default;
        return false;
    }

    /// <summary>The client asks for an option (RFC 8415 §21.7).</summary>
    public static bool Asks(ReadOnlySpan<byte> options, ushort code)
    {
        if (!TryFind(options, OptionRequest, out ReadOnlySpan<byte> asked))
            return false;
        for (; asked.Length >= sizeof(ushort); asked = asked[sizeof(ushort)..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(asked) == code)
                return true;
        }

        return false;
    }

    /// <summary>Appends an option.</summary>
    public static void Add(List<byte> message, ushort code, ReadOnlySpan<byte> value)
    {
        message.AddRange([(byte)(code >> 8), (byte)code, (byte)(value.Length >> 8), (byte)value.Length]);
        message.AddRange(value);
    }
}
