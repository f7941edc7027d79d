using System;

namespace Cgn.Wire;

/// <summary>Reads the option list of an IPv4 header (RFC 791 §3.1).</summary>
public static class Ipv4Options
{
    private const byte End = 0;
    private const byte NoOperation = 1;
    private const byte RecordRoute = 7;
    private const byte Timestamp = 68;
    private const byte StreamIdentifier = 136;
    private const byte LooseSourceRoute = 131;
    private const byte StrictSourceRoute = 137;

    /// <summary>
    /// Walks the list once, left to right, and stops at its end or at the first option that cannot be read.
    /// </summary>
    /// <param name="options">From <see cref="Ipv4View.Options"/>, 0 to 40 bytes.</param>
    public static Ipv4OptionKinds Scan(ReadOnlySpan<byte> options)
    {
        Ipv4OptionKinds found = Ipv4OptionKinds.None;
        int at = 0;
        while (at < options.Length && options[at] != End)
        {
            byte type = options[at];
            if (type == NoOperation)
            {
                at++;
                continue;
            }

            if (at + 1 >= options.Length || options[at + 1] < 2 || at + options[at + 1] > options.Length)
                return found | Ipv4OptionKinds.Malformed;
            found |= type switch
            {
                LooseSourceRoute or StrictSourceRoute => Ipv4OptionKinds.SourceRoute,
                RecordRoute or Timestamp or StreamIdentifier => Ipv4OptionKinds.Recording,
                _ => Ipv4OptionKinds.Other,
            };
            at += options[at + 1];
        }

        return found;
    }
}
