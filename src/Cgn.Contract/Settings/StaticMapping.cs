namespace Cgn.Contract.Settings;

/// <summary>An external endpoint that belongs to an internal one for good (RFC 6888 REQ-9's operator side).</summary>
/// <param name="SubscriberHigh">Upper half of the B4's masked prefix; 0 for NAT444.</param>
/// <param name="SubscriberLow">Lower half; for NAT444 the customer's IPv4 address.</param>
/// <param name="IsDsLite">The subscriber is behind a softwire.</param>
/// <param name="Protocol">Transport protocol, as in the IPv4 header.</param>
/// <param name="InternalAddress">Internal address.</param>
/// <param name="InternalPort">Internal port.</param>
/// <param name="ExternalAddress">External address, in a pool.</param>
/// <param name="ExternalPort">External port, any.</param>
public sealed record StaticMapping(
    ulong SubscriberHigh, ulong SubscriberLow, bool IsDsLite, byte Protocol,
    uint InternalAddress, ushort InternalPort, uint ExternalAddress, ushort ExternalPort);
