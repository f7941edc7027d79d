using System;

using Cgn.Contract.Records;

namespace Cgn.Pipeline.Gateways;

/// <summary>Changes of one message, in the order of their places, whatever order they are found in.</summary>
internal ref struct SipEdits(Span<GatewayEdit> places)
{
    private readonly Span<GatewayEdit> _places = places;

    /// <summary>Changes so far.</summary>
    public int Count { get; private set; }

    /// <summary>There were more than fit, or two of one place, so none may be made.</summary>
    public bool IsFull { get; private set; }

    /// <summary>The changes; <see cref="GatewayEdit.At"/> counts from the message's first byte.</summary>
    public readonly Span<GatewayEdit> All => _places[..Count];

    /// <summary>Bytes that the message grows by from a place on; negative when it shrinks.</summary>
    public readonly int GrowthFrom(int at)
    {
        int growth = 0;
        foreach (ref readonly GatewayEdit edit in All)
            growth += edit.At >= (uint)at ? edit.NewLength - edit.OldLength : 0;
        return growth;
    }

    /// <summary>Forgets all changes from a place on.</summary>
    public void TakeBack(int at)
    {
        while (Count > 0 && _places[Count - 1].At >= (uint)at)
            Count--;
    }

    /// <summary>Adds a change.</summary>
    /// <param name="at">First byte replaced.</param>
    /// <param name="length">Bytes replaced, 1 or more.</param>
    /// <param name="text">Bytes in their place.</param>
    public void Add(int at, int length, scoped ReadOnlySpan<byte> text)
    {
        IsFull |= Count == _places.Length || text.Length > GatewayEdit.TextBytes;
        if (IsFull)
            return;
        int place = Count;
        for (; place > 0 && _places[place - 1].At > (uint)at; place--)
            _places[place] = _places[place - 1];
        IsFull = (place > 0 && _places[place - 1].At + _places[place - 1].OldLength > (uint)at)
            || (place < Count && _places[place + 1].At < (uint)(at + length));
        Count++;
        ref GatewayEdit edit = ref _places[place];
        edit.At = (uint)at;
        edit.OldLength = (ushort)length;
        edit.NewLength = (ushort)text.Length;
        text.CopyTo(edit.Text);
    }
}
