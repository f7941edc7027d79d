namespace Cgn.Contract.Settings;

/// <summary>
/// Where what comes back to an untranslated address behind a softwire goes (RFC 6333 section 11): the static binding
/// of IPv4 addresses to a B4.
/// </summary>
/// <param name="Addresses">The subscriber's own addresses, as they show outside.</param>
/// <param name="B4High">Upper half of the B4's whole address.</param>
/// <param name="B4Low">Lower half.</param>
public readonly record struct PassThroughBinding(Ipv4PrefixSetting Addresses, ulong B4High, ulong B4Low);
