namespace Cgn.Cli.Lab.Testing;

/// <summary>What iperf3 says of one run.</summary>
/// <param name="SentBytes">What the sender put on the wire: for UDP with IPv4 and UDP headers, for TCP the
/// payload.</param>
/// <param name="ReceivedBytes">What the receiver got, counted alike.</param>
/// <param name="ReceivedBitsPerSecond">The same as a rate over the receiver's own time.</param>
public readonly record struct IperfResult(double SentBytes, double ReceivedBytes, double ReceivedBitsPerSecond);
