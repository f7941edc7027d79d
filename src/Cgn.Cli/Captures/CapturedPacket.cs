namespace Cgn.Cli.Captures;

/// <summary>One record of a capture, reduced to what a gateway could be given.</summary>
/// <param name="Number">Its number in the file, from 1.</param>
/// <param name="TimestampNs">Nanoseconds since 1970 UTC.</param>
/// <param name="Skip">Why there is no packet in it.</param>
/// <param name="Tags">VLAN tags as on the wire: 0, 4 or 8 bytes.</param>
/// <param name="Bytes">From the IPv4 header to the end of the frame, link padding included; empty when skipped.</param>
/// <param name="IsCompleted">Its header checksum had been left to the sending device and was filled in here.</param>
internal sealed record CapturedPacket(
    int Number, long TimestampNs, SkipReason Skip, byte[] Tags, byte[] Bytes, bool IsCompleted = false);
