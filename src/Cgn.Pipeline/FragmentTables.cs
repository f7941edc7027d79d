using Cgn.Softwire;

namespace Cgn.Pipeline;

/// <summary>What a worker keeps of packets in pieces.</summary>
/// <param name="Ipv4">IPv4 fragments that wait for the ports of their first.</param>
/// <param name="Outer">Outer IPv6 fragments that wait to be whole.</param>
/// <param name="OuterFragmenter">Cuts softwire packets larger than the tunnel takes.</param>
/// <param name="Ipv4Fragmenter">Cuts IPv4 packets larger than their way out takes.</param>
public sealed record FragmentTables(
    Ipv4FragmentTable Ipv4, Ipv6Reassembler Outer, Ipv6Fragmenter OuterFragmenter, Ipv4Fragmenter Ipv4Fragmenter);
