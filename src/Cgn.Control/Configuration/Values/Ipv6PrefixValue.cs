using Cgn.Wire;

namespace Cgn.Control.Configuration.Values;

/// <summary>An IPv6 prefix in the configuration; bits behind its length are an error.</summary>
/// <param name="Prefix">The prefix.</param>
public readonly record struct Ipv6PrefixValue(Ipv6Prefix Prefix) : IConfigValue<Ipv6PrefixValue>
{
    /// <inheritdoc/>
    public static string Pattern => @"^[0-9a-fA-F:.]+/[0-9]{1,3}$";

    /// <inheritdoc/>
    public static string Example => "2001:db8::/32";

    /// <inheritdoc/>
    public static bool TryParse(string text, out Ipv6PrefixValue value, out string fault)
    {
        bool right = Ipv6Prefix.TryParse(text, out Ipv6Prefix prefix, out fault);
        value = new Ipv6PrefixValue(prefix);
        return right;
    }

    /// <summary>As in the file.</summary>
    public override string ToString() => Prefix.ToString();
}
