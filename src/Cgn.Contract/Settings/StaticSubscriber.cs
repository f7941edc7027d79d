namespace Cgn.Contract.Settings;

/// <summary>A subscriber that the configuration names, with its plan.</summary>
/// <param name="Prefix">IPv6 prefix; an IPv4 one is mapped below ::ffff:0:0/96, so its length is 96 to 128.</param>
/// <param name="Plan">Number of the plan.</param>
public sealed record StaticSubscriber(Ipv6PrefixSetting Prefix, ushort Plan)
{
    /// <summary>Number of the pool that the subscriber draws from, -1 for none of his own.</summary>
    public int Pool { get; init; } = -1;
}
