using Cgn.Wire;

namespace Cgn.Control.Configuration.Values;

/// <summary>An IPv4 prefix in the configuration; bits behind its length are an error.</summary>
/// <param name="Prefix">The prefix.</param>
public readonly record struct Ipv4PrefixValue(Ipv4Prefix Prefix) : IConfigValue<Ipv4PrefixValue>
{
    /// <inheritdoc/>
    public static string Pattern => @"^[0-9]+(\.[0-9]+){3}/[0-9]{1,2}$";

    /// <inheritdoc/>
    public static string Example => "100.64.0.0/10";

    /// <inheritdoc/>
    public static bool TryParse(string text, out Ipv4PrefixValue value, out string fault)
    {
        bool right = Ipv4Prefix.TryParse(text, out Ipv4Prefix prefix, out fault);
        value = new Ipv4PrefixValue(prefix);
        return right;
    }

    /// <summary>As in the file.</summary>
    public override string ToString() => Prefix.ToString();
}
