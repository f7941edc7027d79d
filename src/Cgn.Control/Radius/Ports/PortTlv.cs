namespace Cgn.Control.Radius.Ports;

/// <summary>The parts of the attributes about ports, numbered alike in each of them (RFC 8045 §3.2).</summary>
internal enum PortTlv : byte
{
    PortType = 1,
    Limit = 2,
    ExternalIpv4 = 3,
    InternalIpv4 = 4,
    InternalIpv6 = 5,
    InternalPort = 6,
    ExternalPort = 7,
    Alloc = 8,
    RangeStart = 9,
    RangeEnd = 10,
    LocalId = 11,
}
