using System;

using Cgn.Cli.Captures;

namespace Cgn.Cli.Replay;

/// <summary>The packet that an ICMP error quotes (RFC 792): a header and at least eight bytes of transport.</summary>
internal sealed class QuoteFacts
{
    /// <summary>Where the quoted header begins, from the start of the outer IPv4 header.</summary>
    internal int Offset { get; private init; }

    /// <summary>Bytes quoted, header included, RFC 4884 extensions not.</summary>
    internal int Length { get; private init; }

    /// <summary>Bytes of the quoted header.</summary>
    internal int HeaderLength { get; private init; }

    /// <summary>Transport protocol.</summary>
    internal byte Protocol { get; private init; }

    /// <summary>Source address.</summary>
    internal uint Source { get; private init; }

    /// <summary>Destination address.</summary>
    internal uint Destination { get; private init; }

    /// <summary>Source port, or the identifier of an ICMP query; else 0.</summary>
    internal ushort SourcePort { get; private init; }

    /// <summary>Destination port, or that identifier.</summary>
    internal ushort DestinationPort { get; private init; }

    /// <summary>The quoted header's checksum is right.</summary>
    internal bool IsChecksumRight { get; private init; }

    /// <summary>The quoted packet was a fragment after the first, so what stands for ports is payload.</summary>
    internal bool IsLaterFragment { get; private init; }

    /// <summary>The quoted packet had ports at the start of its transport.</summary>
    internal bool HasPorts => Protocol is 6 or 17 or 33 or 136 && !IsLaterFragment;

    /// <summary>The quoted packet is an ICMP query or reply.</summary>
    internal bool IsQuery { get; private init; }

    /// <summary>Reads the quote of an error.</summary>
    /// <param name="message">The ICMP message.</param>
    /// <param name="messageOffset">Where it begins, from the start of the outer IPv4 header.</param>
    /// <returns>Null when too little is quoted.</returns>
    internal static QuoteFacts? Of(ReadOnlySpan<byte> message, int messageOffset)
    {
        ReadOnlySpan<byte> quote = message[8..];
        int stated = message[5] * 4;
        if (stated != 0 && stated < quote.Length)
            quote = quote[..stated];
        if (quote.Length < 28 || quote[0] >> 4 != 4)
            return null;
        int headerLength = (quote[0] & 15) * 4;
        if (headerLength < 20 || quote.Length < headerLength + 8)
            return null;
        ReadOnlySpan<byte> transport = quote[headerLength..];
        byte protocol = quote[9];
        bool later = (NetworkBytes.Read16(quote, 6) & 0x1FFF) != 0;
        bool query = protocol == 1 && !later && transport[0] is 0 or 8 or 13 or 14;
        bool ports = protocol is 6 or 17 && !later;
        ushort identifier = query ? NetworkBytes.Read16(transport, 4) : (ushort)0;
        return new QuoteFacts
        {
            Offset = messageOffset + 8,
            Length = quote.Length,
            HeaderLength = headerLength,
            Protocol = protocol,
            Source = NetworkBytes.Read32(quote, 12),
            Destination = NetworkBytes.Read32(quote, 16),
            SourcePort = ports ? NetworkBytes.Read16(transport, 0) : identifier,
            DestinationPort = ports ? NetworkBytes.Read16(transport, 2) : identifier,
            IsChecksumRight = OnesSum.Of(quote[..headerLength]) == 0,
            IsLaterFragment = later,
            IsQuery = query,
        };
    }
}
