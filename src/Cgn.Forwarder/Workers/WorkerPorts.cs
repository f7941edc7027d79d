using Cgn.Ports;

namespace Cgn.Forwarder.Workers;

/// <summary>A worker's share of one side's device.</summary>
/// <param name="Queues">Its receive and transmit queues; none where the device has fewer queues than there are
/// workers.</param>
/// <param name="TransmittingWorker">Who transmits for it when it has none.</param>
public sealed record WorkerPorts(Port[] Queues, int TransmittingWorker = 0);
