using Cgn.Control.Dhcpv6;

namespace Cgn.Control.Configuration.Values;

/// <summary>A fully qualified domain name in the configuration; the final dot may be left out.</summary>
/// <param name="Name">The name.</param>
public readonly record struct DomainNameValue(DomainName Name) : IConfigValue<DomainNameValue>
{
    /// <inheritdoc/>
    public static string Pattern => @"^[0-9A-Za-z_-]+(\.[0-9A-Za-z_-]+)+\.?$";

    /// <inheritdoc/>
    public static string Example => "aftr.example.com";

    /// <inheritdoc/>
    public static bool TryParse(string text, out DomainNameValue value, out string fault)
    {
        bool right = DomainName.TryParse(text, out DomainName? name);
        value = new DomainNameValue(name ?? DomainName.Root);
        fault = right
            ? ""
            : $"'{text}' is not a fully qualified domain name of labels of up to 63 letters; {Example} would be";
        return right;
    }

    /// <summary>Without the final dot.</summary>
    public override string ToString() => Name.ToString();
}
