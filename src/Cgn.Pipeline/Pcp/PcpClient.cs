using Cgn.Contract;
using Cgn.Nat;

namespace Cgn.Pipeline.Pcp;

/// <summary>Who sent a PCP request.</summary>
/// <param name="Key">The subscriber.</param>
/// <param name="B4High">Upper half of the B4's address; 0 for NAT444.</param>
/// <param name="B4Low">Lower half; for NAT444 the customer's address.</param>
/// <param name="Aftr">Number of the AFTR address that it came to.</param>
/// <param name="Address">The host's own address: the source of the request.</param>
/// <param name="Now">The time.</param>
internal readonly record struct PcpClient(
    SubscriberKey Key, ulong B4High, ulong B4Low, byte Aftr, uint Address, WorkerTime Now);
