using System;

namespace Cgn.Wire.Tests.Fuzz;

/// <summary>Gathers what a walk has read, so that no read can be optimised away and runs can be compared.</summary>
internal struct Digest
{
    private uint _value;

    public readonly uint Value => _value;

    public void Add(long value) => _value = unchecked(_value * 16777619 + (uint)value + (uint)(value >> 32));

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Add(bytes.Length);
        foreach (byte b in bytes)
            Add(b);
    }

    public void Refused(WireRefusal refusal)
    {
        if (refusal == WireRefusal.None || !Enum.IsDefined(refusal))
            throw new InvalidOperationException("A view refused without a reason.");
        Add((long)refusal);
    }
}
