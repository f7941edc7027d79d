using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Text;

namespace Cgn.Control.Dhcpv6;

/// <summary>A fully qualified domain name, as text and as the DNS has it on the wire (RFC 1035 §3.1).</summary>
public sealed class DomainName : IEquatable<DomainName>
{
    private const int LabelLengthMax = 63;
    private const int WireLengthMax = 255;

    private readonly byte[] _wire;

    private DomainName(byte[] wire) => _wire = wire;

    /// <summary>The root: the name without labels, which names no host.</summary>
    public static DomainName Root { get; } = new([0]);

    /// <summary>Labels with their lengths before them, and the root's zero at the end; never compressed.</summary>
    public ReadOnlySpan<byte> Wire => _wire;

    /// <summary>Reads text such as <c>aftr.example.com</c>, with or without the final dot.</summary>
    /// <param name="text">The text: at least two labels of letters, digits, '-' and '_'.</param>
    /// <param name="name">The name, when the result is true.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out DomainName? name)
    {
        name = null;
        ArgumentNullException.ThrowIfNull(text);
        string[] labels = (text.EndsWith('.') ? text[..^1] : text).Split('.');
        if (labels.Length < 2 || !labels.All(IsLabel))
            return false;
        List<byte> wire = [];
        foreach (string label in labels)
        {
            wire.Add((byte)label.Length);
            wire.AddRange(Encoding.ASCII.GetBytes(label));
        }

        wire.Add(0);
        if (wire.Count > WireLengthMax)
            return false;
        name = new DomainName([.. wire]);
        return true;
    }

    /// <summary>Reads a name from the wire, as RFC 6334 §3 asks of its receivers: one name, not compressed, with a
    /// label at least, and nothing behind it.</summary>
    /// <param name="wire">All bytes of the name.</param>
    /// <param name="name">The name, when the result is true.</param>
    public static bool TryRead(ReadOnlySpan<byte> wire, [NotNullWhen(true)] out DomainName? name)
    {
        name = null;
        // A label of one letter, its length, and the root's: RFC 6334 wants more than three bytes.
        if (wire.Length is <= 3 or > WireLengthMax)
            return false;
        int at = 0;
        while (at < wire.Length && wire[at] != 0)
        {
            if (wire[at] > LabelLengthMax || at + 1 + wire[at] >= wire.Length)
                return false;
            at += 1 + wire[at];
        }

        if (at != wire.Length - 1)
            return false;
        name = new DomainName(wire.ToArray());
        return true;
    }

    /// <summary>The same bytes; case counts, as it is kept.</summary>
    public bool Equals(DomainName? other) => other is not null && _wire.AsSpan().SequenceEqual(other._wire);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DomainName);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(_wire);
        return hash.ToHashCode();
    }

    /// <summary>As text, without the final dot.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        for (int at = 0; _wire[at] != 0; at += 1 + _wire[at])
            text.Append(at == 0 ? "" : ".").Append(Encoding.ASCII.GetString(_wire, at + 1, _wire[at]));
        return text.ToString();
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= LabelLengthMax
        && label.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
}
