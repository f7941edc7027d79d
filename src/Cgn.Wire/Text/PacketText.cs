using System;

namespace Cgn.Wire;

/// <summary>
/// Packets as text, one line for each layer, for tests, traces and fuzzing; it allocates and is not for the packet
/// path. Bytes that a view refuses are shown with the refusal, so any input gives a text.
/// </summary>
public static class PacketText
{
    /// <summary>Describes an Ethernet frame and all that it carries.</summary>
    /// <param name="frame">From the destination address on; it is copied.</param>
    /// <returns>Lines parted by a line feed, deeper layers indented by two spaces more.</returns>
    public static string OfFrame(ReadOnlySpan<byte> frame)
    {
        PacketTextWriter writer = new();
        writer.Frame(frame.ToArray());
        return writer.ToString();
    }

    /// <summary>Describes an IPv4 or IPv6 packet and all that it carries.</summary>
    /// <param name="packet">From the version field on; it is copied.</param>
    /// <returns>Lines parted by a line feed, deeper layers indented by two spaces more.</returns>
    public static string OfPacket(ReadOnlySpan<byte> packet)
    {
        PacketTextWriter writer = new();
        writer.Packet(packet.ToArray());
        return writer.ToString();
    }
}
