using System.Net;

using Cgn.Wire;

namespace Cgn.Control.Configuration.Values;

/// <summary>An IPv4 or IPv6 address of another machine.</summary>
/// <param name="Address">The address.</param>
public readonly record struct IpAddressValue(IPAddress Address) : IConfigValue<IpAddressValue>
{
    /// <inheritdoc/>
    public static string Pattern => "^[0-9a-fA-F:.]+$";

    /// <inheritdoc/>
    public static string Example => "192.0.2.10";

    /// <inheritdoc/>
    public static bool TryParse(string text, out IpAddressValue value, out string fault)
    {
        // The platform's parser takes numbers and short forms as well, so ours looks first.
        bool right = Ipv4Address.TryParse(text, out _) || Ipv6Address.TryParse(text, out _);
        value = new IpAddressValue(right ? IPAddress.Parse(text) : IPAddress.None);
        fault = right ? "" : $"'{text}' is not an IPv4 or IPv6 address; {Example} or 2001:db8::10 would be";
        return right;
    }

    /// <summary>As in the file.</summary>
    public override string ToString() => $"{Address}";
}
