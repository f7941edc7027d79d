using System;
using System.Runtime.CompilerServices;
using System.Text;

namespace Cgn.Contract.Records;

/// <summary>The name of a plan or pool in 96 bytes of UTF-8, padded with zeros; all zeros for none.</summary>
[InlineArray(SizeBytes)]
public struct PolicyName : IEquatable<PolicyName>
{
    /// <summary>Bytes of the longest name.</summary>
    public const int SizeBytes = 96;

    private byte _first;

    /// <summary>There is no name.</summary>
    public readonly bool IsEmpty => _first == 0;

    /// <summary>Packs a name.</summary>
    /// <param name="text">Any text; empty for none.</param>
    /// <param name="name">The name.</param>
    /// <returns>False when it is too long.</returns>
    public static bool TryPack(ReadOnlySpan<char> text, out PolicyName name)
    {
        name = default;
        return Encoding.UTF8.TryGetBytes(text, name, out _);
    }

    /// <summary>Both are the same name.</summary>
    public static bool operator ==(PolicyName left, PolicyName right) => left.Equals(right);

    /// <summary>They are two names.</summary>
    public static bool operator !=(PolicyName left, PolicyName right) => !left.Equals(right);

    /// <inheritdoc/>
    public readonly bool Equals(PolicyName other)
    {
        ReadOnlySpan<byte> mine = this;
        return mine.SequenceEqual(other);
    }

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is PolicyName other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(this);
        return hash.ToHashCode();
    }

    /// <summary>The name as text.</summary>
    public override readonly string ToString()
    {
        ReadOnlySpan<byte> bytes = this;
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
