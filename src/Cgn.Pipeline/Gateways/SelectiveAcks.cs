using System;
using System.Buffers.Binary;

using Cgn.Contract.Records;

namespace Cgn.Pipeline.Gateways;

/// <summary>Selective acknowledgments (RFC 2018 section 3) of a stream that was changed.</summary>
internal static class SelectiveAcks
{
    private const byte EndOfList = 0;
    private const byte NoOperation = 1;
    private const byte Kind = 5;

    /// <summary>Makes the edges of all blocks the sender's.</summary>
    /// <param name="options">The segment's options.</param>
    /// <param name="stream">The stream that is acknowledged.</param>
    public static void Map(Span<byte> options, in GatewayStream stream)
    {
        if ((stream.EditCount | stream.HeldLength) == 0 && stream.Shift == 0)
            return;
        for (int at = 0; at + 1 < options.Length && options[at] != EndOfList;)
        {
            if (options[at] == NoOperation)
            {
                at++;
                continue;
            }

            int length = options[at + 1];
            if (length < 2 || at + length > options.Length)
                return;
            for (int edge = at + 2; options[at] == Kind && edge + 4 <= at + length; edge += 4)
            {
                Span<byte> number = options.Slice(edge, 4);
                BinaryPrimitives.WriteUInt32BigEndian(
                    number, StreamEdits.Unmap(in stream, BinaryPrimitives.ReadUInt32BigEndian(number)));
            }

            at += length;
        }
    }
}
