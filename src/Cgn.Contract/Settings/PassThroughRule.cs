namespace Cgn.Contract.Settings;

/// <summary>
/// A destination that is forwarded untranslated (RFC 6888 REQ-6, RFC 8512 nat-pass-through, RFC 6333 section 11).
/// </summary>
/// <param name="Destination">Remote addresses.</param>
/// <param name="Protocol">Transport protocol, as in the IPv4 header; 0 for any.</param>
/// <param name="Port">Remote port; 0 for any, and for protocols without ports.</param>
public readonly record struct PassThroughRule(Ipv4PrefixSetting Destination, byte Protocol, ushort Port);
