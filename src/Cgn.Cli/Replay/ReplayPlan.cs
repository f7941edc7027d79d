using System;
using System.Collections.Generic;

namespace Cgn.Cli.Replay;

/// <summary>A capture ready to be replayed.</summary>
/// <param name="Packets">Its packets in order, skipped ones among them.</param>
/// <param name="Flows">Its flows by number.</param>
/// <param name="EndpointCount">Internal endpoints, for each subscriber.</param>
/// <param name="DatagramCount">Fragmented packets.</param>
/// <param name="Addresses">Which addresses the captured hosts get.</param>
internal sealed record ReplayPlan(
    List<PlannedPacket> Packets, List<Flow> Flows, int EndpointCount, int DatagramCount, AddressBook Addresses)
{
    /// <summary>Bytes of the largest packet, from its IPv4 header to the end of its frame.</summary>
    internal int LargestPacketBytes
    {
        get
        {
            int largest = 0;
            foreach (PlannedPacket packet in Packets)
                largest = Math.Max(largest, packet.Captured.Bytes.Length);
            return largest;
        }
    }
}
