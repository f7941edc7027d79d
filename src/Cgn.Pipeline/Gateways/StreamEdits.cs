using System;

using Cgn.Contract.Records;

namespace Cgn.Pipeline.Gateways;

/// <summary>
/// The arithmetic of a TCP stream that was changed: sequence numbers there and back, and the bytes of any part of it,
/// whatever segments it is sent in. New text goes out with the last byte that it replaces, so a part of a place that
/// was changed is either nothing or all of the text.
/// </summary>
internal static class StreamEdits
{
    // An edit that the stream has left so far behind is forgotten, before the distance could be taken for one ahead.
    private const uint ReachMax = 1u << 30;

    /// <summary>The receiver's number for a position of the sender's.</summary>
    /// <param name="s">The stream.</param>
    /// <param name="at">Position as the sender counts.</param>
    public static uint Map(in GatewayStream s, uint at)
    {
        uint shift = s.Shift;
        for (int i = 0; i < s.EditCount; i++)
        {
            ref readonly GatewayEdit e = ref s.Edits[i];
            if ((int)(at - e.At) <= 0)
                return at + shift;
            if ((int)(at - e.At - e.OldLength) < 0)
                return e.At + shift;
            shift += (uint)(e.NewLength - e.OldLength);
        }

        // What is held back has not been sent at all.
        uint held = s.Next - s.HeldLength;
        int ahead = (int)(at - held);
        return s.HeldLength == 0 || ahead <= 0 ? at + shift
            : ahead < s.HeldLength ? held + shift
            : at + shift - s.HeldLength;
    }

    /// <summary>The sender's number for a position of the receiver's, as in an acknowledgment.</summary>
    /// <param name="s">The stream.</param>
    /// <param name="at">Position as the receiver counts.</param>
    public static uint Unmap(in GatewayStream s, uint at)
    {
        uint shift = s.Shift;
        for (int i = 0; i < s.EditCount; i++)
        {
            ref readonly GatewayEdit e = ref s.Edits[i];
            uint start = e.At + shift;
            if ((int)(at - start - e.NewLength) >= 0 && (e.NewLength != 0 || at != start))
            {
                shift += (uint)(e.NewLength - e.OldLength);
                continue;
            }

            return (int)(at - start) > 0 ? e.At : at - shift;
        }

        // An acknowledgment of all that was sent acknowledges what is held back: it is kept here.
        uint held = s.Next - s.HeldLength;
        return s.HeldLength != 0 && (int)(at - shift - held) >= 0 ? at - shift + s.HeldLength : at - shift;
    }

    /// <summary>Remembers a change behind all others; the oldest is forgotten for it.</summary>
    /// <param name="s">The stream.</param>
    /// <param name="at">First byte replaced; behind every change so far.</param>
    /// <param name="oldLength">Bytes replaced, 1 or more.</param>
    /// <param name="text">Bytes in their place, at most <see cref="GatewayEdit.TextBytes"/>.</param>
    public static void Add(ref GatewayStream s, uint at, int oldLength, ReadOnlySpan<byte> text)
    {
        if (s.EditCount == GatewayStream.EditsMax)
            Forget(ref s);
        ref GatewayEdit e = ref s.Edits[s.EditCount++];
        e.At = at;
        e.OldLength = (ushort)oldLength;
        e.NewLength = (ushort)text.Length;
        text.CopyTo(e.Text);
    }

    /// <summary>Lets go of what was held back, with bytes that come now.</summary>
    /// <param name="s">The stream; it is read on.</param>
    /// <param name="length">Bytes held back, and one or more that come now.</param>
    /// <param name="text">What goes out for them.</param>
    public static void GiveOut(ref GatewayStream s, int length, ReadOnlySpan<byte> text)
    {
        uint at = s.Next - s.HeldLength;
        s.Next = at + (uint)length;
        s.HeldLength = 0;
        Add(ref s, at, length, text);
    }

    /// <summary>Forgets changes too far behind to be told from what is to come.</summary>
    public static void Trim(ref GatewayStream s)
    {
        while (s.EditCount != 0 && s.Next - s.Edits[0].At > ReachMax)
            Forget(ref s);
    }

    /// <summary>Writes a part of the stream as the receiver gets it.</summary>
    /// <param name="s">The stream.</param>
    /// <param name="at">Where the part begins, as the sender counts.</param>
    /// <param name="part">Its bytes as sent.</param>
    /// <param name="to">Where the result goes.</param>
    /// <returns>Bytes written, or -1 when they do not fit.</returns>
    public static int Write(in GatewayStream s, uint at, ReadOnlySpan<byte> part, Span<byte> to)
    {
        int from = 0;
        int length = 0;
        for (int i = 0; i < s.EditCount; i++)
        {
            ref readonly GatewayEdit e = ref s.Edits[i];
            int start = (int)(e.At - at);
            int end = start + e.OldLength;
            if (end <= from)
                continue;
            if (start >= part.Length)
                break;
            if (!TryCopy(part[from..Math.Max(start, from)], to, ref length))
                return -1;
            from = Math.Min(end, part.Length);
            if (end <= part.Length && !TryCopy(((ReadOnlySpan<byte>)e.Text)[..e.NewLength], to, ref length))
                return -1;
        }

        int held = (int)(s.Next - s.HeldLength - at);
        int stop = s.HeldLength == 0 ? part.Length : Math.Clamp(held, from, part.Length);
        if (!TryCopy(part[from..stop], to, ref length))
            return -1;
        int behind = s.HeldLength == 0 ? part.Length : Math.Clamp(held + s.HeldLength, stop, part.Length);
        return TryCopy(part[behind..], to, ref length) ? length : -1;
    }

    private static bool TryCopy(ReadOnlySpan<byte> bytes, Span<byte> to, ref int length)
    {
        if (bytes.Length > to.Length - length)
            return false;
        bytes.CopyTo(to[length..]);
        length += bytes.Length;
        return true;
    }

    private static void Forget(ref GatewayStream s)
    {
        s.Shift += (uint)(s.Edits[0].NewLength - s.Edits[0].OldLength);
        Span<GatewayEdit> edits = s.Edits;
        edits[1..s.EditCount].CopyTo(edits);
        s.EditCount--;
    }
}
