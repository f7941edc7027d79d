using System.Collections.Generic;

namespace Cgn.Cli.Replay;

/// <summary>
/// Finds the fragments that belong together (RFC 791 section 3.2): same addresses, protocol and identification, not
/// long apart.
/// </summary>
internal static class DatagramCollector
{
    // Longer than any gateway waits, shorter than an identification takes to come round at the rates of captures.
    private const long ApartNs = 30_000_000_000;

    /// <summary>Sets the datagram of every fragment.</summary>
    /// <returns>How many datagrams there are.</returns>
    internal static int Collect(IReadOnlyList<PlannedPacket> packets)
    {
        Dictionary<(uint Source, uint Destination, byte Protocol, ushort Identification), Datagram> open = [];
        int count = 0;
        foreach (PlannedPacket packet in packets)
        {
            PacketFacts? facts = packet.Facts;
            if (facts is not { IsFragment: true }
                || (facts.Faults & (HeaderFault.Ipv4Header | HeaderFault.Truncated)) != 0)
                continue;
            (uint, uint, byte, ushort) key = (facts.Source, facts.Destination, facts.Protocol, facts.Identification);
            bool known = open.TryGetValue(key, out Datagram? datagram);
            if (!known || datagram!.IsComplete || packet.Captured.TimestampNs - datagram.BeganNs > ApartNs)
                open[key] = datagram = new Datagram(count++);
            packet.Datagram = datagram;
            datagram.Add(packet);
        }

        return count;
    }
}
