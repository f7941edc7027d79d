namespace Cgn.Contract.Settings;

/// <summary>
/// What a host hears whose packet can't be carried for lack of ports, sessions or table space (RFC 6888 REQ-11, RFC
/// 5508 REQ-8).
/// </summary>
public enum ExhaustionAnswer : byte
{
    /// <summary>ICMP host unreachable, 3/1.</summary>
    HostUnreachable = 0,

    /// <summary>ICMP communication administratively prohibited, 3/13.</summary>
    AdminProhibited = 1,

    /// <summary>Nothing.</summary>
    Silent = 2,
}
