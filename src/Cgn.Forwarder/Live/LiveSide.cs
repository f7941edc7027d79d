using System;
using System.Linq;

using Cgn.Contract.Process;
using Cgn.Forwarder.Workers;
using Cgn.Ports;

namespace Cgn.Forwarder.Live;

/// <summary>One open device, whatever its driver.</summary>
/// <param name="Driver">What the status page calls it.</param>
/// <param name="Ports">Its queues.</param>
/// <param name="Device">All else about it.</param>
internal sealed record LiveSide(string Driver, Port[] Ports, INetworkDevice Device) : IDisposable
{
    /// <summary>A worker's share of the queues: every n-th; none where there are more workers than queues.</summary>
    public WorkerPorts For(int worker, int workers)
    {
        Port[] own = [.. Ports.Where((_, queue) => queue % workers == worker)];
        return new WorkerPorts(own, worker % Ports.Length);
    }

    /// <summary>Reads what the kernel counts of the ports.</summary>
    public void ReadStatistics()
    {
        foreach (Port port in Ports)
            port.ReadStatistics();
    }

    /// <summary>What went through all queues together.</summary>
    public PortStatus Count()
    {
        PortStatus sum = default;
        foreach (Port port in Ports)
        {
            PortCounters queue = port.Counters;
            sum.ReceivedFrames += (long)queue.ReceivedFrames;
            sum.ReceivedBytes += (long)queue.ReceivedBytes;
            sum.TransmittedFrames += (long)queue.TransmittedFrames;
            sum.TransmittedBytes += (long)queue.TransmittedBytes;
            sum.ReceiveRingFull += (long)queue.ReceiveRingFull;
            sum.ReceiveNoChunk += (long)queue.ReceiveNoChunk;
            sum.ReceiveInvalid += (long)queue.ReceiveInvalid;
            sum.TransmitRingFull += (long)queue.TransmitRingFull;
            sum.TransmitFailed += (long)queue.TransmitFailed;
        }

        return sum;
    }

    /// <inheritdoc/>
    public void Dispose() => Device.Dispose();
}
