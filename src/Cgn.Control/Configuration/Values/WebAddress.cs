using System;
using System.Linq;

namespace Cgn.Control.Configuration.Values;

/// <summary>The absolute URL of a page, http or https, in ASCII (RFC 3986).</summary>
/// <param name="Text">As it stands in the file.</param>
public readonly record struct WebAddress(string Text) : IConfigValue<WebAddress>
{
    /// <inheritdoc/>
    public static string Pattern => "^https?://[!-~]+$";

    /// <inheritdoc/>
    public static string Example => "http://192.0.2.80/login";

    /// <summary>Its host: a name or an address, without brackets.</summary>
    public string Host => new Uri(Text).Host.Trim('[', ']');

    /// <inheritdoc/>
    public static bool TryParse(string text, out WebAddress value, out string fault)
    {
        bool isPlain = text.All(static letter => letter is >= '!' and <= '~' and not ('"' or '<' or '>' or '\\'));
        bool right = isPlain && Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            && uri.Host.Length != 0 && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0;
        value = new WebAddress(right ? text : Example);
        fault = right ? "" : $"'{text}' is not the http or https URL of a page in ASCII; {Example} would be";
        return right;
    }

    /// <summary>As in the file.</summary>
    public override string ToString() => Text;
}
