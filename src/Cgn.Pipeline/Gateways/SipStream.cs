using System;

using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Wire;

namespace Cgn.Pipeline.Gateways;

/// <summary>
/// SIP over TCP: messages that a segment holds whole are rewritten. One in several segments passes as it is, since its
/// length stands before the part that would change it.
/// </summary>
internal static class SipStream
{
    /// <summary>Reads what is new of the stream.</summary>
    public static void Read(ref GatewayStream s, ReadOnlySpan<byte> fresh, in Talk talk)
    {
        Span<GatewayEdit> places = stackalloc GatewayEdit[GatewayStream.EditsMax];
        int left = GatewayStream.EditsMax;
        while (!fresh.IsEmpty)
        {
            int length = s.Skip != 0
                ? (int)Math.Min(s.Skip, (uint)fresh.Length)
                : Message(ref s, fresh, talk, places, ref left);
            s.Skip -= Math.Min(s.Skip, (uint)length);
            s.Next += (uint)length;
            fresh = fresh[length..];
        }
    }

    // Bytes that are done with.
    private static int Message(
        ref GatewayStream s, ReadOnlySpan<byte> fresh, in Talk talk, Span<GatewayEdit> places, ref int left)
    {
        // Signs of life between messages (RFC 5626 section 3.5.1).
        int blank = fresh.Length - fresh.TrimStart("\r\n"u8).Length;
        if (blank != 0)
            return blank;
        if (!SipHeaders.TryRead(fresh, out SipHeaders headers))
        {
            talk.State.Counters[CounterId.GatewayUnread]++;
            return fresh.Length;
        }

        int body = headers.LengthAt == 0 ? 0 : headers.BodyLength;
        int length = headers.Length + body;
        SipEdits edits = new(places[..left]);
        if (length > fresh.Length)
        {
            s.Skip = (uint)length;
            talk.State.Counters[CounterId.GatewayUnread]++;
            return fresh.Length;
        }

        SipGateway.Rewrite(fresh[..length], headers, talk, ref edits);
        if (edits.IsFull)
        {
            talk.State.Counters[CounterId.GatewayUnread]++;
            return length;
        }

        left -= edits.Count;
        foreach (ref readonly GatewayEdit edit in edits.All)
        {
            StreamEdits.Add(
                ref s, s.Next + edit.At, edit.OldLength, ((ReadOnlySpan<byte>)edit.Text)[..edit.NewLength]);
        }

        return length;
    }
}
