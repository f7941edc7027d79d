using System;
using System.Collections.Generic;

using Cgn.Ports.Steering;

namespace Cgn.Ports;

/// <summary>An open network device, whatever its driver. No member is for the packet path.</summary>
public interface INetworkDevice : IDisposable
{
    /// <summary>
    /// Replaces the box's own IPv4 addresses that NAT444 subscribers may talk to, host byte order. Frames go on
    /// flowing.
    /// </summary>
    /// <param name="addresses">All of them.</param>
    /// <exception cref="PortException">
    /// More than <see cref="SteeringRules.MaxOwnAddresses"/>, or the kernel refuses.
    /// </exception>
    void SetOwnAddresses(IReadOnlyList<uint> addresses);

    /// <summary>
    /// Replaces what is the gateway's on this device, but the box's own addresses. Frames go on flowing.
    /// </summary>
    /// <param name="rules">All of it.</param>
    /// <exception cref="PortException">A list is too long, or the kernel refuses.</exception>
    void SetRules(SteeringRules rules);

    /// <summary>
    /// Turns receive offloads off again that somebody has turned on meanwhile: an operator's tool, or what sets them
    /// as they were after a killed process whose place this one has taken.
    /// </summary>
    void KeepOffloads();
}
