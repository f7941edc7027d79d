using System;
using System.Collections.Generic;

using Cgn.Model.Tests.Nat;

namespace Cgn.Model.Tests.Running;

/// <summary>What left against what must have left, to the last byte.</summary>
internal sealed class FrameComparison
{
    private const int Recent = 1000;

    private readonly Queue<uint> _outerNumbers = [];
    private readonly HashSet<uint> _recentOuter = [];

    public void Compare(IReadOnlyList<Expected> expected, IReadOnlyList<byte[]> actual, string side)
    {
        for (int i = 0; i < Math.Min(expected.Count, actual.Count); i++)
        {
            byte[] must = Learn(expected[i], actual[i]);
            if (!must.AsSpan().SequenceEqual(actual[i]))
            {
                throw new ModelException(
                    $"frame {i} {side} differs\n  is   {Convert.ToHexString(actual[i])}\n"
                    + $"  must {Convert.ToHexString(must)}");
            }
        }

        if (expected.Count < actual.Count)
        {
            throw new ModelException($"{actual.Count} frames left {side} instead of {expected.Count}: "
                + Convert.ToHexString(actual[expected.Count]));
        }

        if (expected.Count > actual.Count)
        {
            throw new ModelException($"{actual.Count} frames left {side} instead of {expected.Count}: missing "
                + Convert.ToHexString(expected[actual.Count].Frame));
        }
    }

    private byte[] Learn(Expected expected, byte[] actual)
    {
        byte[] must = (byte[])expected.Frame.Clone();
        if (must.Length != actual.Length)
            return must;
        if (expected.Label is Unknown label)
        {
            uint word = Bytes.Get32(must, 14);
            label.Value ??= Bytes.Get32(actual, 14) & 0xFFFFF;
            if (label.Value == 0)
                throw new ModelException("a flow's label is 0");
            Bytes.Put32(must, 14, word | label.Value.Value);
        }

        if (expected.OuterIdentification is Unknown outer)
        {
            outer.Value ??= Fresh(Bytes.Get32(actual, 14 + 44));
            Bytes.Put32(must, 14 + 44, outer.Value.Value);
        }

        if (expected.Identification is Unknown number)
        {
            number.Value ??= Bytes.Get16(actual, expected.Ipv4At + 4);
            Bytes.Put16(must, expected.Ipv4At + 4, (int)number.Value.Value);
            Bytes.Put16(must, expected.Ipv4At + 10, 0);
            int header = (must[expected.Ipv4At] & 15) * 4;
            Bytes.Put16(
                must, expected.Ipv4At + 10, Bytes.Checksum(must, expected.Ipv4At, expected.Ipv4At + header));
        }

        return must;
    }

    // RFC 8200 4.5: not one of those in use lately.
    private uint Fresh(uint number)
    {
        if (!_recentOuter.Add(number))
            throw new ModelException($"outer identification {number} was used a moment ago");
        _outerNumbers.Enqueue(number);
        if (_outerNumbers.Count > Recent)
            _recentOuter.Remove(_outerNumbers.Dequeue());
        return number;
    }
}
