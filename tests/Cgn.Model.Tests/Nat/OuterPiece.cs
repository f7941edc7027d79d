namespace Cgn.Model.Tests.Nat;

/// <summary>An outer IPv6 fragment (RFC 8200 4.5).</summary>
/// <param name="Link">The Ethernet header that it came with.</param>
/// <param name="Packet">From the IPv6 header on.</param>
/// <param name="HeaderAt">Where its fragment header stands.</param>
/// <param name="NextAt">Where the next header field before that stands.</param>
/// <param name="Offset">Of the payload, in bytes.</param>
/// <param name="IsLast">No more follow.</param>
/// <param name="Payload">Behind the fragment header.</param>
internal sealed record OuterPiece(
    byte[] Link, byte[] Packet, int HeaderAt, int NextAt, int Offset, bool IsLast, byte[] Payload)
{
    public int End => Offset + Payload.Length;
}
