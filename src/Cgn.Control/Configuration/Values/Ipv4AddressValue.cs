using Cgn.Wire;

namespace Cgn.Control.Configuration.Values;

/// <summary>An IPv4 address in the configuration.</summary>
/// <param name="Address">The address.</param>
public readonly record struct Ipv4AddressValue(Ipv4Address Address) : IConfigValue<Ipv4AddressValue>
{
    /// <inheritdoc/>
    public static string Pattern => @"^[0-9]+(\.[0-9]+){3}$";

    /// <inheritdoc/>
    public static string Example => "203.0.113.1";

    /// <inheritdoc/>
    public static bool TryParse(string text, out Ipv4AddressValue value, out string fault)
    {
        bool right = Ipv4Address.TryParse(text, out Ipv4Address address);
        value = new Ipv4AddressValue(address);
        fault = right ? "" : $"'{text}' is not an IPv4 address; {Example} would be";
        return right;
    }

    /// <summary>As in the file.</summary>
    public override string ToString() => Address.ToString();
}
