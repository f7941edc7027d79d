namespace Cgn.Ports.Xdp;

/// <summary>What the steering program of one device has done since it was attached, in frames.</summary>
/// <param name="Taken">Given to a socket.</param>
/// <param name="Passed">Not ours; left to the kernel.</param>
/// <param name="NoSocket">Ours, but left to the kernel because the receive queue has no socket.</param>
public readonly record struct SteeringCounts(ulong Taken, ulong Passed, ulong NoSocket);
