using Cgn.Wire;

namespace Cgn.Control.Configuration.Values;

/// <summary>An IPv6 address in the configuration.</summary>
/// <param name="Address">The address.</param>
public readonly record struct Ipv6AddressValue(Ipv6Address Address) : IConfigValue<Ipv6AddressValue>
{
    /// <inheritdoc/>
    public static string Pattern => "^[0-9a-fA-F:.]+$";

    /// <inheritdoc/>
    public static string Example => "2001:db8::1";

    /// <inheritdoc/>
    public static bool TryParse(string text, out Ipv6AddressValue value, out string fault)
    {
        bool right = Ipv6Address.TryParse(text, out Ipv6Address address);
        value = new Ipv6AddressValue(address);
        fault = right ? "" : $"'{text}' is not an IPv6 address; {Example} would be";
        return right;
    }

    /// <summary>In the canonical form of RFC 5952.</summary>
    public override string ToString() => Address.ToString();
}
